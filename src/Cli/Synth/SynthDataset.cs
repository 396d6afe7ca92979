using System.IO.Compression;

namespace ReidCloud.Cli.Synth;

/// <summary>Writes a made-up data set as its archive, in the layout asked for. The same spec gives the same bytes.</summary>
internal static class SynthDataset
{
    /// <summary>How many frames are drawn before they are written.</summary>
    private const int FramesAtOnce = 512;

    /// <summary>The earliest that a zip can say.</summary>
    private static readonly DateTimeOffset Stamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="progress">From 0 to 1.</param>
    /// <exception cref="Specs.SpecException">The spec asks for what cannot be made.</exception>
    public static void Write(SynthSpec spec, Stream zip, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        spec.Validate();
        var plan = new SynthPlan(spec);
        var arrangement = SynthArrangement.Of(spec);
        using var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true);
        var renderer = new SynthRenderer(spec);
        var total = spec.Frames;
        var done = 0;
        var jobs = new List<(PlannedTracklet Tracklet, Passage Passage, int Frame, string Name)>();
        foreach (var tracklet in plan.Tracklets)
        {
            var passage = renderer.Begin(tracklet);
            foreach (var (frame, name) in arrangement.Add(tracklet))
            {
                jobs.Add((tracklet, passage, frame, name));
            }

            if (jobs.Count >= FramesAtOnce || ReferenceEquals(tracklet, plan.Tracklets[^1]))
            {
                var files = new byte[jobs.Count][];
                Parallel.For(
                    0, jobs.Count, new ParallelOptions { CancellationToken = cancellation },
                    i => files[i] = renderer.DrawJpeg(jobs[i].Tracklet, jobs[i].Passage, jobs[i].Frame));
                for (var i = 0; i < files.Length; i++)
                {
                    Add(archive, jobs[i].Name, files[i], CompressionLevel.NoCompression);
                }

                done += jobs.Count;
                jobs.Clear();
                progress?.Report((double)done / total);
            }
        }

        foreach (var (name, content) in arrangement.Protocol())
        {
            Add(archive, name, content, CompressionLevel.Optimal);
        }
    }

    private static void Add(ZipArchive archive, string name, byte[] content, CompressionLevel level)
    {
        var entry = archive.CreateEntry(name, level);
        entry.LastWriteTime = Stamp;
        using var to = entry.Open();
        to.Write(content);
    }
}
