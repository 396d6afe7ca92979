using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner;

/// <summary>
/// A training of one step and an evaluation, on a few gray pictures and for nobody, by a runner that has nothing else to do: code is compiled, libraries and the device
/// wake up, so that the first run that comes begins at once. It leaves nothing behind, and a device that does not work shows before a run is taken.
/// </summary>
internal static class Rehearsal
{
    private const int Identities = 4;
    private const int Cameras = 2;
    private const int Height = 64;
    private const int Width = 32;

    private static readonly TrainSpec Spec = new("rehearsal", new ModelSpec(BackboneName.MobileNet), new SupervisedSpec(Views: 2))
    {
        Input = new InputSpec(Height, Width),
        Sampling = new SamplingSpec(Identities / 2, Tracklets: 2),
        Epochs = 1,
    };

    public static void Run(Placement placement)
    {
        using var scope = NewDisposeScope();
        using var picture = new MemoryStream();
        ImageEncoder.WriteJpeg(new RgbImage(Width, Height, new byte[Width * Height * 3]), quality: 90, picture);
        var frames = new DatasetFrames(Manifest(picture.Length), _ => picture.ToArray(), Path.GetTempPath(), long.MaxValue);
        var spec = ReidJson.Read<RunSpec>(ReidJson.Canonical(Spec));
        JobRegistry.Create(spec, frames, new Dictionary<CheckpointRef, Parent>(), new Nobody(), TimeProvider.System, placement).Run(null);
    }

    /// <summary>Half of the identities train, each seen by two cameras; of the others one camera's are queries.</summary>
    private static DatasetManifest Manifest(long length)
    {
        Tracklet[] tracklets =
        [
            .. Enumerable.Range(0, Identities * Cameras).Select(place => new Tracklet(
                place / Cameras < Identities / 2 ? Split.Train : place % Cameras == 0 ? Split.Query : Split.Gallery, place / Cameras, place % Cameras, place, 1)),
        ];
        string[] identities = [.. Enumerable.Range(0, Identities).Select(identity => $"{identity}")];
        Camera[] cameras = [.. Enumerable.Range(0, Cameras).Select(camera => new Camera($"{camera}"))];
        FrameSource[] frames = [.. tracklets.Select((_, place) => new FrameSource($"{place}.jpg", 0, 0, length, length, FrameEncoding.Loose, 0))];
        return new DatasetManifest(
            Spec.Dataset, "none", "none", identities, cameras, [], frames, tracklets, ManifestDiagnoser.Diagnose(identities, cameras, tracklets, null, new FindingList()));
    }

    private sealed class Nobody : RunContext
    {
        public override string Scratch => Path.GetTempPath();

        public override string OnnxRuntimeFolder => "";

        public override CancellationToken Stop => CancellationToken.None;

        public override void Tell(RunEvent happened)
        {
        }

        public override void SaveCheckpoint(int epoch, int step, double? score, int keep, Action<Stream> write) => write(Stream.Null);

        public override void SaveFile(string name, Action<Stream> write)
        {
        }
    }
}
