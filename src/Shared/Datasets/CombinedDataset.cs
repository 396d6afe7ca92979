namespace ReidCloud.Datasets;

/// <summary>
/// A data set made of others: all that their training splits hold, one after the other, and the test of one, or none. Who is seen and which camera saw it is kept apart by the data
/// set's name, so labels count through all of them in order: AlignedReID's set of Market-1501, CUHK03 and DukeMTMC-reID, 36,823 images of 2,220 persons (spec §12).
/// </summary>
public static class CombinedDataset
{
    public const string Layout = "combined";

    /// <param name="trained">At least one; each with a training split.</param>
    /// <param name="tested">One of them or another; null: nothing is measured on this data set.</param>
    public static DatasetManifest Of(string name, IReadOnlyList<DatasetManifest> trained, DatasetManifest? tested)
    {
        var parts = new Parts();
        foreach (var part in trained)
        {
            parts.Add(part, [.. part.Of(Split.Train).Where(tracklet => !tracklet.IsDistractor)]);
        }

        var draws = tested is null ? [] : parts.AddTest(tested);

        var findings = new FindingList();
        findings.Add(
            FindingSeverity.Note, "combined", "data sets are trained on together: who is in two of them counts as two",
            trained.Count, trained.Select(part => $"{part.Name}: {part.Diagnosis.Train.Identities} identities, {part.Diagnosis.Train.Frames} frames"));
        parts.FindTwins(findings);
        var diagnosis = ManifestDiagnoser.Diagnose(parts.Identities, parts.Cameras, parts.Tracklets, null, findings);
        return new DatasetManifest(
            name, Layout, ManifestHash.Of(parts.Identities, parts.Cameras, parts.Frames, parts.Tracklets, draws),
            parts.Identities, parts.Cameras, parts.Blobs, parts.Frames, parts.Tracklets, diagnosis)
        {
            GalleryDraws = draws,
        };
    }

    /// <summary>What has been put together so far.</summary>
    private sealed class Parts
    {
        private readonly Dictionary<string, int> _identities = new(StringComparer.Ordinal);
        private readonly Dictionary<Camera, int> _cameras = [];
        private readonly Dictionary<DatasetBlob, int> _blobs = [];
        private readonly List<string> _datasets = [];
        private readonly List<(int From, int Dataset)> _begins = [];

        public List<string> Identities { get; } = [];

        public List<Camera> Cameras { get; } = [];

        public List<DatasetBlob> Blobs { get; } = [];

        public List<FrameSource> Frames { get; } = [];

        public List<Tracklet> Tracklets { get; } = [];

        /// <summary>Says of the galleries that its authors drew where their frames are now.</summary>
        public IReadOnlyList<IReadOnlyList<int>> AddTest(DatasetManifest part)
        {
            var places = Add(part, [.. part.Tracklets.Where(tracklet => tracklet.Split != Split.Train)]);
            return [.. part.GalleryDraws.Select(draw => draw.Select(frame => places[frame]).ToArray())];
        }

        /// <summary>Says where each of its frames is now.</summary>
        public int[] Add(DatasetManifest part, IReadOnlyList<Tracklet> tracklets)
        {
            Begin(part.Name);
            var places = Take(part, tracklets);
            int[] seen = [.. tracklets.Where(tracklet => !tracklet.IsDistractor).Select(tracklet => tracklet.Identity).Distinct().Order()];
            var identities = seen.ToDictionary(identity => identity, identity => Place(_identities, Identities, $"{part.Name}/{part.Identities[identity]}"));
            int[] sensors = [.. tracklets.Select(tracklet => tracklet.Camera).Distinct().Order()];
            var cameras = sensors.ToDictionary(camera => camera, camera => Place(_cameras, Cameras, Of(part.Name, part.Cameras[camera])));
            Tracklets.AddRange(tracklets.Select(tracklet => tracklet with
            {
                Identity = tracklet.IsDistractor ? Tracklet.Distractor : identities[tracklet.Identity],
                Camera = cameras[tracklet.Camera],
                FirstFrame = places[tracklet.FirstFrame],
            }));
            return places;
        }

        /// <summary>The same picture in two data sets: it is learnt as two persons, or learnt and tested. Equal length and checksum must do, which are known of all.</summary>
        public void FindTwins(FindingList findings)
        {
            var first = new Dictionary<(long, uint), int>();
            var twins = new List<string>();
            var count = 0;
            foreach (var (place, frame) in Frames.Index())
            {
                if (!first.TryAdd((frame.Length, frame.Crc32), place) && DatasetOf(first[(frame.Length, frame.Crc32)]) is var other && other != DatasetOf(place))
                {
                    count++;
                    if (twins.Count < FindingList.MostExamples)
                    {
                        twins.Add($"{Frames[first[(frame.Length, frame.Crc32)]].Name} ({_datasets[other]}) = {frame.Name} ({_datasets[DatasetOf(place)]})");
                    }
                }
            }

            findings.Add(
                FindingSeverity.Warning, "pictures-in-two-data-sets", "pictures are in two of the data sets: they are learnt as two persons, or learnt and tested; combine sets that share nothing",
                count, twins);
        }

        /// <summary>The test may be of a data set that was trained on.</summary>
        private void Begin(string dataset)
        {
            var place = _datasets.IndexOf(dataset);
            if (place < 0)
            {
                place = _datasets.Count;
                _datasets.Add(dataset);
            }

            _begins.Add((Frames.Count, place));
        }

        private int DatasetOf(int frame) => _begins.FindLast(part => part.From <= frame).Dataset;

        /// <summary>Takes over the frames of these tracklets and no others; what shares frames goes on sharing them. Says where each went.</summary>
        private int[] Take(DatasetManifest part, IReadOnlyList<Tracklet> tracklets)
        {
            var places = new int[part.Frames.Count];
            foreach (var tracklet in tracklets)
            {
                Array.Fill(places, 1, tracklet.FirstFrame, tracklet.FrameCount);
            }

            for (var frame = 0; frame < places.Length; frame++)
            {
                if (places[frame] != 0)
                {
                    places[frame] = Frames.Count;
                    var source = part.Frames[frame];
                    Frames.Add(source with { Blob = Place(_blobs, Blobs, part.Blobs[source.Blob].In(part.Name)) });
                }
            }

            return places;
        }

        private static Camera Of(string dataset, Camera camera) => camera with { Name = camera.IsKnown ? $"{dataset}/{camera.Name}" : Camera.Unknown };

        private static int Place<T>(Dictionary<T, int> places, List<T> items, T item)
            where T : notnull
        {
            if (!places.TryGetValue(item, out var place))
            {
                places.Add(item, place = items.Count);
                items.Add(item);
            }

            return place;
        }
    }
}
