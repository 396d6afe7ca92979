using System.CommandLine;
using ReidCloud.Cli.Synth;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid synth`: a believable data set, made on the spot. The same options give the same bytes.</summary>
internal static class SynthCommand
{
    public static Command Create(Shell shell)
    {
        var usual = new SynthSpec(SynthSpec.Layouts[0], 1);
        var output = new Option<string>("--output", "-o") { Description = "The .zip to write", Required = true };
        var layout = new Option<string>("--layout") { Description = "How files are arranged in it", DefaultValueFactory = _ => usual.Layout };
        layout.AcceptOnlyFromAmong([.. SynthSpec.Layouts]);
        var seed = Number("--seed", "Where everything random comes from", usual.Seed);
        var train = Number("--identities", "People to learn from", usual.TrainIdentities);
        var test = Number("--test-identities", "Other people, to search for", usual.TestIdentities);
        var cameras = Number("--cameras", "Cameras, each with its own colors, blur and background; sysu-mm01 has 6 and regdb 2", usual.Cameras);
        var tracklets = Number("--tracklets", "Tracklets of each person in each camera", usual.TrackletsPerCamera);
        var frames = Number("--frames", "Images of each tracklet", usual.FramesPerTracklet);
        var distractors = Number("--distractors", "Tracklets of nobody, in the gallery", usual.Distractors);
        var misplacement = Number("--misplacement", "How far off the boxes sit, up or down, as a share of their height at most", usual.Misplacement);
        var gap = Number("--camera-gap", "How much more cameras differ in color, brightness and blur than they would, from 0 to 1", usual.CameraGap);
        var width = Number("--width", "Pixels", usual.Width);
        var height = Number("--height", "Pixels", usual.Height);
        var command = new Command("synth", "Make a data set of drawn people")
        {
            output, layout, seed, train, test, cameras, tracklets, frames, distractors, misplacement, gap, width, height, shell.Json,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var path = Path.GetFullPath(parse.GetRequiredValue(output));
            if (!Directory.Exists(Path.GetDirectoryName(path)) || Directory.Exists(path))
            {
                throw CommandException.Mistake($"'{path}' cannot be written: there is no such folder, or it is one itself", "--output names a .zip in a folder that exists");
            }

            var spec = new SynthSpec(
                parse.GetRequiredValue(layout),
                parse.GetValue(seed),
                parse.GetValue(train),
                parse.GetValue(test),
                parse.GetResult(cameras) is { Implicit: false } ? parse.GetValue(cameras) : SynthSensors.CamerasOf(parse.GetRequiredValue(layout)) ?? usual.Cameras,
                parse.GetValue(tracklets),
                parse.GetValue(frames),
                parse.GetValue(width),
                parse.GetValue(height),
                parse.GetValue(distractors),
                parse.GetValue(misplacement),
                parse.GetValue(gap));
            try
            {
                await SynthFile.WriteAsync(path, spec, shell.Terminal, cancellationToken);
            }
            catch (SpecException exception)
            {
                throw CommandException.Mistake(exception.Message, "`./reid synth --help` lists the options");
            }

            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(new Made(path, spec.Frames, new FileInfo(path).Length));
            }

            shell.Terminal.Say($"`./reid dataset push {path} --name NAME` makes a data set of it.");
            return ExitCode.Ok;
        });
        return command;
    }

    private sealed record Made(string File, int Frames, long Length);

    private static Option<T> Number<T>(string name, string description, T usual) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => usual,
    };
}
