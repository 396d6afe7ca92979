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
        // Which splits a content is seen in comes first, in a few bytes each: nearly all are seen in one.
        var splits = new Dictionary<(long, uint), int>();
        foreach (var (frame, split) in InSplits(frames, tracklets))
        {
            splits[(frame.Length, frame.Crc32)] = splits.GetValueOrDefault((frame.Length, frame.Crc32)) | (1 << (int)split);
        }

        var several = splits.Where(pair => (pair.Value & (pair.Value - 1)) != 0).Select(pair => pair.Key).ToHashSet();
        return [.. InSplits(frames, tracklets)
            .Where(pair => several.Contains((pair.Frame.Length, pair.Frame.Crc32)))
            .GroupBy(pair => (pair.Frame.Length, pair.Frame.Crc32))];
    }

    private static IEnumerable<(FrameSource Frame, Split Split)> InSplits(IReadOnlyList<FrameSource> frames, IReadOnlyList<Tracklet> tracklets) =>
        tracklets.SelectMany(tracklet => Enumerable.Range(tracklet.FirstFrame, tracklet.FrameCount).Select(frame => (frames[frame], tracklet.Split)));

    private static string Describe(IEnumerable<(FrameSource Frame, Split Split)> group) =>
        string.Join(" = ", group.DistinctBy(pair => pair.Split).Select(pair => $"{pair.Frame.Name} ({pair.Split.ToString().ToLowerInvariant()})"));
}
