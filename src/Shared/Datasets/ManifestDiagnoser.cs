namespace ReidCloud.Datasets;

/// <summary>Counts a data set and says what will go wrong with it: the questions that people otherwise ask after a night of training.</summary>
public static class ManifestDiagnoser
{
    /// <summary>P×K sampling usually wants four tracklets of an identity.</summary>
    private const int UsualTracklets = 4;

    /// <param name="published">What the authors say; compared when the set looks like the whole one.</param>
    /// <param name="findings">What was found before; the result has these too.</param>
    public static ManifestDiagnosis Diagnose(
        IReadOnlyList<string> identities,
        IReadOnlyList<Camera> cameras,
        IReadOnlyList<Tracklet> tracklets,
        PublishedCounts? published,
        FindingList findings)
    {
        var splits = tracklets.ToLookup(tracklet => tracklet.Split);
        var (train, query, gallery) = (Count(splits[Split.Train]), Count(splits[Split.Query]), Count(splits[Split.Gallery]));
        var images = splits[Split.QueryImage].Any() ? Count(splits[Split.QueryImage]) : null;
        var multi = splits[Split.MultiQuery].Any() ? Count(splits[Split.MultiQuery]) : null;
        var counted = MatchCounts.Of(tracklets);
        var subject = new Subject(identities, cameras, findings);
        if (tracklets.Count == 0)
        {
            subject.Add(FindingSeverity.Error, "no-tracklets", "There is not one tracklet. Look at the names of the files and at the protocol's files", 1, []);
        }

        Splits(subject, splits);
        Sensors(subject, splits, counted);
        Training(subject, splits[Split.Train]);
        Matches(subject, images is null ? splits[Split.Query] : splits[Split.QueryImage], splits[Split.Gallery]);
        if (published is not null)
        {
            Compare(
                subject,
                [("train", train, published.Train), ("query", query, published.Query), ("gallery", gallery, published.Gallery), ("query image", images, published.QueryImage), ("multi-query", multi, multi is null ? new PublishedSplit() : published.MultiQuery)],
                splits);
        }

        return WithSensors(new ManifestDiagnosis(train, query, gallery, findings.ToList())
        {
            QueryImage = images, MultiQuery = multi, Matches = counted,
        }, tracklets, cameras);
    }

    /// <summary>The same with what is known of the cameras of those who search and are searched in.</summary>
    public static ManifestDiagnosis WithSensors(ManifestDiagnosis diagnosis, IReadOnlyList<Tracklet> tracklets, IReadOnlyList<Camera> cameras)
    {
        var seen = tracklets.Select(tracklet => (tracklet.Split, tracklet.Camera)).Distinct().ToLookup(pair => pair.Split, pair => cameras[pair.Camera]);
        SplitCounts Of(SplitCounts counts, Split split) => counts with
        {
            Modality = seen[split].All(camera => camera.Modality == Modality.Visible) ? null
                : seen[split].All(camera => camera.Modality == Modality.Infrared) ? SplitModality.Infrared : SplitModality.Both,
        };
        return diagnosis with
        {
            Train = Of(diagnosis.Train, Split.Train),
            Query = Of(diagnosis.Query, Split.Query),
            Gallery = Of(diagnosis.Gallery, Split.Gallery),
            QueryImage = diagnosis.QueryImage is { } images ? Of(images, Split.QueryImage) : null,
            HasCameras = Camera.AreKnown(cameras),
        };
    }

    internal static SplitCounts Count(IEnumerable<Tracklet> tracklets)
    {
        var all = tracklets.ToList();
        return new SplitCounts(
            all.Where(tracklet => !tracklet.IsDistractor).Select(tracklet => tracklet.Identity).Distinct().Count(),
            all.Count,
            all.Sum(tracklet => tracklet.FrameCount),
            all.Select(tracklet => tracklet.Camera).Distinct().Count(),
            all.Count(tracklet => tracklet.IsDistractor));
    }

    private static void Splits(Subject subject, ILookup<Split, Tracklet> splits)
    {
        foreach (var split in new[] { Split.Train, Split.Query, Split.Gallery }.Where(split => !splits[split].Any()))
        {
            subject.Add(FindingSeverity.Warning, $"no-{split.ToString().ToLowerInvariant()}", split == Split.Train
                ? "the training split is empty: nothing can be trained on this data set"
                : split == Split.Query && splits[Split.QueryImage].Any() ? "no query has a tracklet: only images can be searched for in this data set"
                : $"the {split.ToString().ToLowerInvariant()} split is empty: nothing can be evaluated on this data set", 1, []);
        }

        var trained = splits[Split.Train].Select(tracklet => tracklet.Identity).ToHashSet();
        var both = splits[Split.Query].Concat(splits[Split.Gallery]).Concat(splits[Split.QueryImage])
            .Where(tracklet => !tracklet.IsDistractor && trained.Contains(tracklet.Identity))
            .Select(tracklet => tracklet.Identity).Distinct().Order().ToList();
        subject.Add(
            FindingSeverity.Error, "identity-in-train-and-test", "identities are in the training split and in a test split: give each to one side",
            both.Count, both.Select(subject.Identity));
    }

    /// <summary>Who is sought among what other cameras saw is not found where there are none.</summary>
    private static void Sensors(Subject subject, ILookup<Split, Tracklet> splits, MatchCounts matches)
    {
        if (!Camera.AreKnown(subject.Cameras))
        {
            subject.Add(
                FindingSeverity.Warning, "no-cameras",
                "it is not known which camera saw what, so nothing is found across cameras: measure by the protocol camera-less, whose figures are higher and do not compare with others. Name the cameras if they are known",
                1, []);
            return;
        }

        var tested = splits[Split.Query].Concat(splits[Split.QueryImage]).Concat(splits[Split.Gallery]).Where(tracklet => !tracklet.IsDistractor).ToList();
        var unknown = tested.Where(tracklet => !subject.IsKnown(tracklet)).ToList();
        if (unknown.Count < tested.Count)
        {
            subject.Add(
                FindingSeverity.Warning, "cameras-missing", "query and gallery tracklets do not say which camera saw them: they count as seen by one camera more",
                unknown.Count, unknown.Select(subject.Describe));
        }

        if (matches is { Queries: > 0, SameIdentity: > 0, AcrossCamerasJoined: 0 })
        {
            subject.Add(
                FindingSeverity.Warning, "one-camera",
                "each identity that is searched for was seen by one camera, so nothing is found across cameras: measure by the protocol camera-less, whose figures are higher and do not compare with others. Look at the cameras",
                1, []);
        }
    }

    private static void Training(Subject subject, IEnumerable<Tracklet> tracklets)
    {
        var identities = tracklets.Where(tracklet => !tracklet.IsDistractor).GroupBy(tracklet => tracklet.Identity).OrderBy(group => group.Key).ToList();
        var oneCamera = identities.Where(group => subject.IsKnown(group.First()) && group.Select(tracklet => tracklet.Camera).Distinct().Count() == 1).ToList();
        subject.Add(
            FindingSeverity.Note, "one-camera-identities", "training identities were seen by one camera only: they teach nothing about other cameras",
            oneCamera.Count, oneCamera.Select(group => subject.Identity(group.Key)));

        var few = identities.Where(group => group.Count() < UsualTracklets).ToList();
        subject.Add(
            FindingSeverity.Note, "few-tracklets", $"training identities have fewer than {UsualTracklets} tracklets: a batch repeats them",
            few.Count, few.Select(group => $"{subject.Identity(group.Key)} ({group.Count()})"));
    }

    private static void Matches(Subject subject, IEnumerable<Tracklet> queries, IEnumerable<Tracklet> gallery)
    {
        var all = queries.ToList();
        var inGallery = gallery.ToList();
        if (!Camera.AreKnown(subject.Cameras))
        {
            var known = inGallery.Where(tracklet => !tracklet.IsDistractor).Select(tracklet => tracklet.Identity).ToHashSet();
            var missing = all.Where(query => !known.Contains(query.Identity)).ToList();
            subject.Add(
                FindingSeverity.Warning, "queries-without-match", $"of {all.Count} queries have no match in the gallery: they do not count in CMC and mAP",
                missing.Count, missing.Select(query => subject.Identity(query.Identity)));
            return;
        }

        var hasTimes = all.All(tracklet => tracklet.Time is not null) && inGallery.All(tracklet => tracklet.Time is not null);
        var alone = hasTimes ? UnmatchedInTime(all, inGallery) : Unmatched(all, inGallery);
        subject.Add(
            FindingSeverity.Warning, "queries-without-match",
            $"of {all.Count} queries have no match in another camera {(hasTimes ? "or at another time " : "")}of the gallery: they do not count in CMC and mAP",
            alone.Count, alone.Select(subject.Describe));
        if (!hasTimes)
        {
            var joined = Unmatched(all, [.. inGallery, .. all]);
            subject.Add(
                FindingSeverity.Warning, "queries-without-match-joined",
                $"of {all.Count} queries have no match in another camera even when the queries join the gallery",
                joined.Count, joined.Select(subject.Describe));
        }
    }

    private static List<Tracklet> Unmatched(List<Tracklet> queries, List<Tracklet> gallery)
    {
        var cameras = gallery.Where(tracklet => !tracklet.IsDistractor).ToLookup(tracklet => tracklet.Identity, tracklet => tracklet.Camera);
        var sets = cameras.ToDictionary(group => group.Key, group => group.ToHashSet());
        return [.. queries.Where(query => !sets.TryGetValue(query.Identity, out var seen) || seen.All(camera => camera == query.Camera))];
    }

    /// <summary>Where times are known, only what is nearly the same picture is no match.</summary>
    private static List<Tracklet> UnmatchedInTime(List<Tracklet> queries, List<Tracklet> gallery)
    {
        // All are near that query whose first and last are.
        var seen = gallery.Where(tracklet => !tracklet.IsDistractor).GroupBy(tracklet => tracklet.Identity).ToDictionary(
            group => group.Key,
            group => (
                Cameras: group.Select(tracklet => tracklet.Camera).ToHashSet(),
                First: group.Min(tracklet => tracklet.Time!.Value),
                Last: group.Max(tracklet => tracklet.Time!.Value)));
        return
        [
            .. queries.Where(query => !seen.TryGetValue(query.Identity, out var others)
                || (others.Cameras.All(camera => camera == query.Camera)
                    && Tracklet.AreNearDuplicates(others.First, query.Time!.Value) && Tracklet.AreNearDuplicates(others.Last, query.Time!.Value))),
        ];
    }

    /// <summary>Below half of the published frames, or of the identities where nobody says how many frames, it is somebody's excerpt.</summary>
    private static void Compare(Subject subject, IReadOnlyList<(string Name, SplitCounts? Found, PublishedSplit Published)> splits, ILookup<Split, Tracklet> tracklets)
    {
        var told = splits.Where(split => split.Published.Frames is not null).ToList();
        var (found, published) = told.Count > 0
            ? (told.Sum(split => (long?)split.Found?.Frames ?? 0), told.Sum(split => (long)split.Published.Frames!))
            : (splits.Sum(split => (long?)split.Found?.Identities ?? 0), splits.Sum(split => (long?)split.Published.Identities ?? 0));
        if (found * 2 < published)
        {
            return;
        }

        var differences = splits.Where(split => split.Found is not null).SelectMany(split => Differences(split.Name, split.Found!, split.Published)).ToList();
        differences.AddRange(OfCameras(subject, [(splits[0].Name, Split.Train, splits[0].Published), (splits[1].Name, Split.Query, splits[1].Published), (splits[2].Name, Split.Gallery, splits[2].Published)], tracklets));
        subject.Add(FindingSeverity.Note, "published-counts", "numbers differ from those that the authors published", differences.Count, differences);
    }

    private static IEnumerable<string> Differences(string split, SplitCounts found, PublishedSplit published) =>
        new[]
        {
            ("identities", found.Identities, published.Identities),
            ("tracklets", found.Tracklets, published.Tracklets),
            ("frames", found.Frames, published.Frames),
            ("cameras", found.Cameras, published.Cameras),
            ("distractors", found.Distractors, published.Distractors),
        }.Where(number => number.Item3 is not null && number.Item2 != number.Item3).Select(number => $"{split} {number.Item1}: {number.Item2}, published {number.Item3}");

    /// <summary>Where the numbers of frames differ, by the cameras that have others.</summary>
    private static IEnumerable<string> OfCameras(Subject subject, IReadOnlyList<(string Name, Split Split, PublishedSplit Published)> splits, ILookup<Split, Tracklet> tracklets)
    {
        foreach (var (name, split, published) in splits.Where(split => split.Published.FramesByCamera is not null))
        {
            var found = tracklets[split].GroupBy(tracklet => subject.Cameras[tracklet.Camera].Name).ToDictionary(group => group.Key, group => group.Sum(tracklet => tracklet.FrameCount));
            foreach (var (camera, frames) in published.FramesByCamera!)
            {
                if (found.GetValueOrDefault(camera) is var there && there != frames)
                {
                    yield return $"{name} frames of camera {camera}: {there}, published {frames}";
                }
            }
        }
    }

    private sealed record Subject(IReadOnlyList<string> Identities, IReadOnlyList<Camera> Cameras, FindingList Findings)
    {
        public string Identity(int identity) => Identities[identity];

        /// <summary>A data set that does not know its cameras calls them nothing.</summary>
        public bool IsKnown(Tracklet tracklet) => Cameras[tracklet.Camera].IsKnown;

        public string Describe(Tracklet tracklet) => $"{Identities[tracklet.Identity]} in camera {Cameras[tracklet.Camera].Name}";

        public void Add(FindingSeverity severity, string code, string message, int count, IEnumerable<string> examples) =>
            Findings.Add(severity, code, message, count, examples);
    }
}
