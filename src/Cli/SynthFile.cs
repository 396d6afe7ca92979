using System.Globalization;
using ReidCloud.Cli.Progress;
using ReidCloud.Cli.Synth;

namespace ReidCloud.Cli;

/// <summary>Writes a made-up data set to a .zip with a progress bar; an interrupted one leaves no file behind.</summary>
internal static class SynthFile
{
    public static SynthSpec Demo(long seed) => new(
        SynthSpec.Layouts[0], seed, TrainIdentities: 128, TestIdentities: 24, FramesPerTracklet: 4, Width: 32, Height: 64, Distractors: 6);

    /// <summary>A handful of people, for presets that only prove that all parts work.</summary>
    public static SynthSpec Debug(long seed) => new(
        SynthSpec.Layouts[0], seed, TrainIdentities: 8, TestIdentities: 4, FramesPerTracklet: 2, Width: 32, Height: 64, Distractors: 2);

    public static async Task WriteAsync(string path, SynthSpec spec, Terminal terminal, CancellationToken cancellationToken)
    {
        spec.Validate();
        var frames = spec.Frames;
        var aside = $"{path}.part";
        try
        {
            await Bars.On(terminal).ShowAsync(async bars =>
            {
                var bar = bars.Add(string.Create(CultureInfo.InvariantCulture, $"Drawing {frames} images"));
                await Task.Run(() => Write(aside, spec, new Drawn(bar, frames), cancellationToken), cancellationToken);
                bar.Finish(Words.Bytes(new FileInfo(aside).Length));
                return true;
            });
            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static void Write(string path, SynthSpec spec, IProgress<double> progress, CancellationToken cancellationToken)
    {
        using var file = File.Create(path);
        SynthDataset.Write(spec, file, progress, cancellationToken);
    }

    private sealed class Drawn(Bar bar, int frames) : IProgress<double>
    {
        private readonly Pace _pace = new(frames);

        public void Report(double value)
        {
            _pace.Reached(value * frames);
            bar.Show(value, _pace.PerSecond is { } rate ? $"{Words.Number(rate)} images/s" : "", _pace.Remaining);
        }
    }
}
