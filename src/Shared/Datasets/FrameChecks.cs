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

    /// <summary>The draft's frames, with the checksums of loose files and of pixels filled in. Faults become findings of the draft.</summary>
    public static FrameSource[] Run(UploadedFiles files, ManifestDraft draft, IProgress<IngestProgress>? progress, CancellationToken cancellation)
    {
        var listed = draft.Files.Files;
        var isUsed = new bool[listed.Count];
        foreach (var frame in draft.Frames)
        {
            isUsed[frame] = true;
        }

        ReportUnused(draft, isUsed);
        var used = isUsed.Count(used => used);
        var chosen = Choose(listed, Readable(listed, isUsed, draft.Findings));
        if (chosen.Count < used)
        {
            draft.Findings.Add(
                FindingSeverity.Note, "frames-sampled", $"{chosen.Count} of {used} frames were looked at; the others when they are used", used - chosen.Count, []);
        }

        var checksums = new Dictionary<string, uint>(StringComparer.Ordinal);
        var (faults, tiny) = (new FirstByName(), new FirstByName());
        var done = 0;
        files.ReadAll(
            chosen,
            (file, bytes, fault) =>
            {
                ImageFault? imageFault = null;
                var header = bytes is null ? null
                    : file.Encoding == FrameEncoding.Pixels ? new ImageHeader(ImageFormat.Bmp, ArrayFrame.Width, ArrayFrame.Height)
                    : ImageHeader.Read(bytes, out imageFault);
                var checksum = bytes is not null && !file.IsInArchive ? Crc32.Of(bytes) : 0;
                lock (checksums)
                {
                    if (header is null)
                    {
                        faults.Add(file.Name, fault?.Message ?? $"{file.Name} {imageFault}");
                    }
                    else if (Math.Min(header.Value.Width, header.Value.Height) < TinySide)
                    {
                        tiny.Add(file.Name, $"{file.Name} ({header.Value.Width}×{header.Value.Height})");
                    }

                    if (!file.IsInArchive)
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
            faults.Count, faults.Texts);
        draft.Findings.Add(
            FindingSeverity.Warning, "tiny-images", $"frames have a side below {TinySide} pixels: little can be told from them", tiny.Count, tiny.Texts);
        return
        [
            .. draft.Frames.Select(frame => !listed[frame].IsInArchive
                ? listed[frame] with { Crc32 = checksums.GetValueOrDefault(listed[frame].Name) }
                : listed[frame]),
        ];
    }

    /// <summary>The places of those that are used. Long ones are refused by their length alone: they are not read.</summary>
    private static int[] Readable(IReadOnlyList<FrameSource> listed, bool[] isUsed, FindingList findings)
    {
        var readable = new int[isUsed.Length];
        var count = 0;
        for (var place = 0; place < isUsed.Length; place++)
        {
            if (!isUsed[place])
            {
                continue;
            }

            if (listed[place].Length > ImageLimits.MaxBytes)
            {
                findings.Add(
                    FindingSeverity.Error, "frame-too-large", "frames are longer than any picture: crop or remove them",
                    $"{listed[place].Name} {ImageFault.TooLong(listed[place].Length).Problem}");
                continue;
            }

            readable[count++] = place;
        }

        return readable[..count];
    }

    /// <summary>
    /// All loose files, because only reading them tells their checksums; of archives as many as are looked at, and no more of those than may be unpacked.
    /// </summary>
    /// <exception cref="DatasetException">The loose files are more than are read.</exception>
    /// <param name="used">Places among the frames.</param>
    internal static List<FrameSource> Choose(IReadOnlyList<FrameSource> frames, int[] used)
    {
        var loose = used.Where(place => !frames[place].IsInArchive).Select(place => frames[place]).ToList();
        if (loose.Sum(frame => frame.Length) is var read && read > IngestLimits.CheckedBytes)
        {
            throw new DatasetException(new Finding(
                FindingSeverity.Error, "loose-frames-too-large",
                $"{loose.Count} loose frames have {read} bytes, and each must be read; at most {IngestLimits.CheckedBytes} are. Pack them into a .zip.", loose.Count, []));
        }

        var packed = InArchives(frames, used);
        List<FrameSource> chosen = [.. (packed.Length <= MostChecked ? packed : Runs(packed)).Select(place => frames[place])];
        var bytes = chosen.Sum(frame => frame.Length);
        if (bytes > IngestLimits.CheckedBytes)
        {
            var step = (int)((bytes / IngestLimits.CheckedBytes) + 1);
            var left = IngestLimits.CheckedBytes;
            chosen = [.. chosen.Where((_, place) => place % step == 0).TakeWhile(frame => (left -= frame.Length) >= 0)];
        }

        return [.. loose, .. chosen];
    }

    /// <summary>Those that are packed as they lie in their archives.</summary>
    private static int[] InArchives(IReadOnlyList<FrameSource> frames, int[] used)
    {
        var packed = Array.FindAll(used, place => frames[place].IsInArchive);
        var at = Array.ConvertAll(packed, place => (frames[place].Blob, frames[place].Offset));
        Array.Sort(at, packed);
        return packed;
    }

    private static IEnumerable<int> Runs(int[] packed)
    {
        const int runs = MostChecked / RunLength;
        return Enumerable.Range(0, runs)
            .SelectMany(run => new ArraySegment<int>(packed, (int)((long)(packed.Length - RunLength) * run / (runs - 1)), RunLength))
            .Distinct();
    }

    private static void ReportUnused(ManifestDraft draft, bool[] isUsed)
    {
        var unused = draft.Files.Files.Where((_, place) => !isUsed[place] && !draft.Known.Contains(place));
        draft.Findings.Add(
            FindingSeverity.Note, "unused-files", "files belong to no tracklet and are ignored", unused.Count(), unused.Select(file => file.Name));
    }

    /// <summary>What is said of the first files by name, in whatever order they come, and of how many it could be said: there may be millions.</summary>
    private sealed class FirstByName
    {
        private readonly SortedDictionary<string, string> _texts = new(StringComparer.Ordinal);

        public int Count { get; private set; }

        public IEnumerable<string> Texts => _texts.Values;

        public void Add(string name, string text)
        {
            Count++;
            _texts[name] = text;
            if (_texts.Count > FindingList.MostExamples)
            {
                _texts.Remove(_texts.Keys.Last());
            }
        }
    }
}
