namespace ReidCloud.Datasets;

/// <summary>
/// Looks at the frames themselves before a GPU minute is spent: are the bytes there and intact, are they images, complete and of a sane size. All of them
/// in a set of ordinary size; of a larger one, runs of neighbours spread evenly over its archives.
/// </summary>
internal static class FrameChecks
{
    public const int MostChecked = 20_000;

    /// <summary>How many neighbours are looked at together: they lie side by side in an archive.</summary>
    private const int RunLength = 100;
    private const int TinySide = 24;
    private const int ReportEvery = 256;

    /// <summary>The draft's frames, with the checksums of loose files filled in. Faults become findings of the draft.</summary>
    public static FrameSource[] Run(UploadedFiles files, ManifestDraft draft, IProgress<IngestProgress>? progress, CancellationToken cancellation)
    {
        var listed = draft.Files.Files;
        var isUsed = new bool[listed.Count];
        foreach (var frame in draft.Frames)
        {
            isUsed[frame] = true;
        }

        ReportUnused(draft, isUsed);
        var used = listed.Where((_, place) => isUsed[place]).ToList();
        var chosen = Choose(used);
        if (chosen.Count < used.Count)
        {
            draft.Findings.Add(
                FindingSeverity.Note, "frames-sampled", $"{chosen.Count} of {used.Count} frames were looked at; the others when they are used", used.Count - chosen.Count, []);
        }

        var checksums = new Dictionary<string, uint>(StringComparer.Ordinal);
        var faults = new List<(string Name, string Fault)>();
        var tiny = new List<string>();
        var done = 0;
        files.ReadAll(
            chosen,
            (file, bytes, fault) =>
            {
                ImageFault? imageFault = null;
                var header = bytes is null ? null : ImageHeader.Read(bytes, out imageFault);
                var checksum = bytes is not null && file.Encoding == FrameEncoding.Loose ? Crc32.Of(bytes) : 0;
                lock (checksums)
                {
                    if (header is null)
                    {
                        faults.Add((file.Name, fault?.Message ?? $"{file.Name} {imageFault}"));
                    }
                    else if (Math.Min(header.Value.Width, header.Value.Height) < TinySide)
                    {
                        tiny.Add($"{file.Name} ({header.Value.Width}×{header.Value.Height})");
                    }

                    if (file.Encoding == FrameEncoding.Loose)
                    {
                        checksums[file.Name] = checksum;
                    }

                    if (++done % ReportEvery == 0 || done == chosen.Count)
                    {
                        progress?.Report(new IngestProgress("checking", done, chosen.Count));
                    }
                }
            },
            cancellation);

        draft.Findings.Add(
            FindingSeverity.Error, "bad-image", "frames cannot be used",
            faults.Count, faults.OrderBy(pair => pair.Name, StringComparer.Ordinal).Select(pair => pair.Fault));
        draft.Findings.Add(
            FindingSeverity.Warning, "tiny-images", $"frames have a side below {TinySide} pixels: little can be told from them", tiny.Count, tiny.Order(StringComparer.Ordinal));
        return
        [
            .. draft.Frames.Select(frame => listed[frame].Encoding == FrameEncoding.Loose
                ? listed[frame] with { Crc32 = checksums.GetValueOrDefault(listed[frame].Name) }
                : listed[frame]),
        ];
    }

    /// <summary>All loose files, because only reading them tells their checksums; of archives as many as are looked at.</summary>
    private static List<FrameSource> Choose(List<FrameSource> used)
    {
        var packed = used.Where(frame => frame.Encoding != FrameEncoding.Loose).ToList();
        if (packed.Count <= MostChecked)
        {
            return used;
        }

        packed.Sort(static (a, b) => (a.Blob, a.Offset).CompareTo((b.Blob, b.Offset)));
        const int runs = MostChecked / RunLength;
        var chosen = used.Where(frame => frame.Encoding == FrameEncoding.Loose).ToList();
        for (var run = 0; run < runs; run++)
        {
            var from = (int)((long)(packed.Count - RunLength) * run / (runs - 1));
            chosen.AddRange(packed.GetRange(from, RunLength));
        }

        return [.. chosen.Distinct()];
    }

    private static void ReportUnused(ManifestDraft draft, bool[] isUsed)
    {
        var unused = draft.Files.Files.Where((_, place) => !isUsed[place] && !draft.Known.Contains(place)).ToList();
        draft.Findings.Add(
            FindingSeverity.Note, "unused-files", "files belong to no tracklet and are ignored", unused.Count, unused.Select(file => file.Name));
    }
}
