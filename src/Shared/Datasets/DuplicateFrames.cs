using System.Security.Cryptography;

namespace ReidCloud.Datasets;

/// <summary>
/// The same picture in two splits: what was learnt is tested, or a query finds itself. Where the protocol itself puts one file into both, or has query images
/// of its own, the latter is meant. Candidates have equal length and checksum, which the archives'
/// directories give for nothing; their bytes decide.
/// </summary>
internal static class DuplicateFrames
{
    /// <summary>Candidates whose bytes are compared; beyond them length and checksum must do.</summary>
    private const int MostCompared = 2_000;

    public static void Find(
        UploadedFiles files, IReadOnlyList<FrameSource> frames, IReadOnlyList<Tracklet> tracklets, FindingList findings, CancellationToken cancellation)
    {
        var candidates = Candidates(frames, tracklets);
        var left = IngestLimits.ComparedBytes;
        var compared = candidates.Take(MostCompared).SelectMany(group => group).Select(pair => pair.Frame).Distinct().Take(MostCompared)
            .TakeWhile(frame => (left -= frame.Length) >= 0).ToList();
        var contents = new Dictionary<string, string>(StringComparer.Ordinal);
        files.ReadAll(
            compared,
            (file, bytes, _) =>
            {
                lock (contents)
                {
                    contents[file.Name] = bytes is null ? "" : Convert.ToHexStringLower(SHA256.HashData(bytes));
                }
            },
            cancellation);

        var same = candidates.SelectMany(group => group.GroupBy(pair => contents.GetValueOrDefault(pair.Frame.Name, "not compared"))).ToList();
        var leaks = same.Where(group => group.Any(pair => pair.Split == Split.Train) && group.Any(pair => pair.Split != Split.Train)).ToList();
        var mirrors = same.Where(group => IsMirror(group)).ToList();
        findings.Add(
            FindingSeverity.Warning, "duplicates-across-train-and-test", "pictures are in the training split and in the test splits: results will flatter",
            leaks.Count, leaks.Select(Describe));
        findings.Add(
            FindingSeverity.Note, "duplicates-across-query-and-gallery", "pictures are among the queries and in the gallery",
            mirrors.Count, mirrors.Select(group => Describe(group.Where(pair => pair.Split is Split.Query or Split.Gallery))));
    }

    private static bool IsMirror(IEnumerable<(FrameSource Frame, Split Split)> group)
    {
        var queries = group.Where(pair => pair.Split == Split.Query).Select(pair => pair.Frame.Name).ToHashSet(StringComparer.Ordinal);
        return queries.Count > 0 && group.Any(pair => pair.Split == Split.Gallery && !queries.Contains(pair.Frame.Name));
    }

    private static List<IGrouping<(long, uint), (FrameSource Frame, Split Split)>> Candidates(
        IReadOnlyList<FrameSource> frames, IReadOnlyList<Tracklet> tracklets)
    {
        var several = SeenInSeveral(frames, tracklets);
        return several.Count == 0 ? [] : [.. InSplits(frames, tracklets)
            .Where(pair => several.Contains((pair.Frame.Length, pair.Frame.Crc32)))
            .GroupBy(pair => (pair.Frame.Length, pair.Frame.Crc32))];
    }

    /// <summary>The contents that are in several splits: nearly all are in one. In order of contents the same ones are neighbors, which takes less than a table of all.</summary>
    internal static HashSet<(long Length, uint Crc32)> SeenInSeveral(IReadOnlyList<FrameSource> frames, IReadOnlyList<Tracklet> tracklets)
    {
        var seen = new Seen[frames.Count];
        for (var place = 0; place < seen.Length; place++)
        {
            seen[place] = new Seen(frames[place].Length, frames[place].Crc32, 0);
        }

        foreach (var tracklet in tracklets)
        {
            foreach (ref var frame in seen.AsSpan(tracklet.FirstFrame, tracklet.FrameCount))
            {
                frame = frame with { Splits = frame.Splits | (1 << (int)tracklet.Split) };
            }
        }

        seen.AsSpan().Sort(default(ByContent));
        var several = new HashSet<(long, uint)>();
        var splits = 0;
        for (var i = 0; i < seen.Length; i++)
        {
            var isSame = i > 0 && default(ByContent).Compare(seen[i - 1], seen[i]) == 0;
            splits = isSame ? splits | seen[i].Splits : seen[i].Splits;
            if ((splits & (splits - 1)) != 0)
            {
                several.Add((seen[i].Length, seen[i].Crc32));
            }
        }

        return several;
    }

    private static IEnumerable<(FrameSource Frame, Split Split)> InSplits(IReadOnlyList<FrameSource> frames, IReadOnlyList<Tracklet> tracklets) =>
        tracklets.SelectMany(tracklet => Enumerable.Range(tracklet.FirstFrame, tracklet.FrameCount).Select(frame => (frames[frame], tracklet.Split)));

    private static string Describe(IEnumerable<(FrameSource Frame, Split Split)> group) =>
        string.Join(" = ", group.DistinctBy(pair => pair.Split).Select(pair => $"{pair.Frame.Name} ({pair.Split.ToString().ToLowerInvariant()})"));

    /// <param name="Splits">A bit for each that it is seen in.</param>
    private readonly record struct Seen(long Length, uint Crc32, int Splits);

    /// <summary>A structure, so that sorting calls it without a detour.</summary>
    private readonly struct ByContent : IComparer<Seen>
    {
        public int Compare(Seen a, Seen b) => a.Length == b.Length ? a.Crc32.CompareTo(b.Crc32) : a.Length.CompareTo(b.Length);
    }
}
