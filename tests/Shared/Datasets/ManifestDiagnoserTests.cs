using ReidCloud.Datasets;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class ManifestDiagnoserTests
{
    private static readonly string[] Identities = ["a", "b", "c", "d"];
    private static readonly Camera[] Cameras = [new("1"), new("2")];

    [Fact]
    public void Counts_each_split()
    {
        var diagnosis = Diagnose("T a1 3", "T a2 4", "Q b1 2", "G b2 5", "G b1 1", "G -1 6");

        Assert.Equal(new SplitCounts(1, 2, 7, 2, 0), diagnosis.Train);
        Assert.Equal(new SplitCounts(1, 1, 2, 1, 0), diagnosis.Query);
        Assert.Equal(new SplitCounts(1, 3, 12, 2, 1), diagnosis.Gallery);
    }

    /// <summary>MARS' case: two queries of one identity find each other once the queries join the gallery.</summary>
    [Fact]
    public void Finds_queries_without_a_match_in_another_camera()
    {
        var diagnosis = Diagnose("T a1 1", "Q b1 1", "G b2 1", "Q c1 1", "Q c2 1", "Q d1 1", "G d1 1", "G -2 1");

        Assert.Equal(["c in camera 1", "c in camera 2", "d in camera 1"], Find(diagnosis, "queries-without-match").Examples);
        Assert.Equal(["d in camera 1"], Find(diagnosis, "queries-without-match-joined").Examples);
        Assert.Equal((FindingSeverity.Warning, 3), (Find(diagnosis, "queries-without-match").Severity, Find(diagnosis, "queries-without-match").Count));
    }

    [Fact]
    public void Finds_training_identities_that_teach_little()
    {
        var diagnosis = Diagnose("T a1 1", "T a1 1", "T a1 1", "T a1 1", "T b1 1", "T b2 1", "T c1 1", "T c2 1", "T c1 1", "T c2 1");

        Assert.Equal(["a"], Find(diagnosis, "one-camera-identities").Examples);
        Assert.Equal(["b (2)"], Find(diagnosis, "few-tracklets").Examples);
    }

    [Fact]
    public void Identities_on_both_sides_are_an_error()
    {
        var diagnosis = Diagnose("T a1 1", "T b1 1", "Q a2 1", "G b2 1", "G a1 1", "G -1 1");

        var finding = Find(diagnosis, "identity-in-train-and-test");
        Assert.Equal((FindingSeverity.Error, 2), (finding.Severity, finding.Count));
        Assert.Equal(["a", "b"], finding.Examples);
        Assert.Equal(finding, diagnosis.Findings[0]);
    }

    [Fact]
    public void Says_when_cameras_or_splits_are_missing()
    {
        var oneCamera = ManifestDiagnoser.Diagnose(
            Identities, [new Camera("")], [new Tracklet(Split.Query, 0, 0, 0, 1), new Tracklet(Split.Gallery, 0, 0, 1, 1)], null, new FindingList());

        Assert.Equal(FindingSeverity.Warning, Find(oneCamera, "no-cameras").Severity);
        Assert.Equal(FindingSeverity.Warning, Find(oneCamera, "no-train").Severity);
        Assert.Equal(FindingSeverity.Warning, Find(Diagnose("T a1 1"), "no-query").Severity);
        Assert.Equal(FindingSeverity.Error, Find(Diagnose(), "no-tracklets").Severity);
    }

    [Fact]
    public void Says_what_data_without_cameras_can_be_measured_by()
    {
        Tracklet[] images = [new(Split.Train, 0, 0, 0, 1), new(Split.Query, 1, 0, 0, 1), new(Split.Query, 2, 0, 0, 1), new(Split.Gallery, 1, 0, 0, 1)];
        var diagnosis = ManifestDiagnoser.Diagnose(Identities, [new Camera(Camera.Unknown)], images, null, new FindingList());

        Assert.False(diagnosis.HasCameras);
        Assert.Equal(new MatchCounts(2, 0, 0, 1, 0), diagnosis.Matches);
        Assert.Contains("camera-less", Find(diagnosis, "no-cameras").Message, StringComparison.Ordinal);
        Assert.Equal(["c"], Find(diagnosis, "queries-without-match").Examples);
        Assert.DoesNotContain(diagnosis.Findings, finding => finding.Code is "queries-without-match-joined" or "one-camera");
    }

    [Fact]
    public void Says_when_every_identity_was_seen_by_one_camera()
    {
        var diagnosis = Diagnose("T a1 1", "T b2 1", "Q c1 1", "G c1 1", "Q d2 1", "G d2 1");

        Assert.True(diagnosis.HasCameras);
        Assert.Equal(new MatchCounts(2, 0, 0, 2, 0), diagnosis.Matches);
        Assert.Contains("camera-less", Find(diagnosis, "one-camera").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_what_is_found_across_cameras()
    {
        Assert.Equal(new MatchCounts(4, 1, 3, 2, 2), Diagnose("T a1 1", "T a2 1", "T b1 1", "T b2 1", "Q b1 1", "G b2 1", "Q c1 1", "Q c2 1", "Q d1 1", "G d1 1", "G -2 1").Matches);
    }

    [Fact]
    public void Names_the_tracklets_whose_camera_is_missing()
    {
        Tracklet[] images = [new(Split.Query, 1, 0, 0, 1), new(Split.Gallery, 1, 1, 0, 1)];
        var diagnosis = ManifestDiagnoser.Diagnose(Identities, [new Camera("1"), new Camera(Camera.Unknown)], images, null, new FindingList());

        Assert.Equal(["b in camera unknown"], Find(diagnosis, "cameras-missing").Examples);
        Assert.True(ManifestDiagnoser.Diagnose(Identities, [new Camera(Camera.Unknown), new Camera(Camera.Unknown, Modality.Infrared)], images, null, new FindingList()).HasCameras);
    }

    [Fact]
    public void Compares_with_published_numbers_when_the_set_looks_whole()
    {
        var published = new PublishedCounts(new PublishedSplit(1, 1, 100, 1, 0), new PublishedSplit(1, 1, 10, 1), new PublishedSplit(1));

        var whole = Diagnose(published, "T a1 90", "Q b1 10", "G b2 10");
        Assert.Equal(["train frames: 90, published 100"], Find(whole, "published-counts").Examples);
        Assert.Equal(FindingSeverity.Note, Find(whole, "published-counts").Severity);

        Assert.DoesNotContain(Diagnose(published, "T a1 30", "Q b1 10", "G b2 10").Findings, finding => finding.Code == "published-counts");
        Assert.DoesNotContain(Diagnose(published, "T a1 100", "Q b1 10", "G b2 10").Findings, finding => finding.Code == "published-counts");
    }

    [Fact]
    public void Compares_query_images_too_and_nothing_that_nobody_published()
    {
        var published = new PublishedCounts(new PublishedSplit(1, Frames: 10), new PublishedSplit(), new PublishedSplit(1, 1, Cameras: 2)) { QueryImage = new PublishedSplit(1, 3) };

        var diagnosis = Diagnose(published, "T a1 9", "Q b1 10", "G b2 10", "I b1 1", "I b1 1");

        Assert.Equal(
            ["train frames: 9, published 10", "gallery cameras: 1, published 2", "query image tracklets: 2, published 3"],
            Find(diagnosis, "published-counts").Examples);
        Assert.Equal(new SplitCounts(1, 2, 2, 1, 0), diagnosis.QueryImage);
    }

    /// <summary>ATRW: the same camera is no obstacle, only the same moment is.</summary>
    [Fact]
    public void Where_times_are_known_a_match_is_another_moment_or_camera()
    {
        Tracklet[] images = [Image(0, 0, 10), Image(0, 0, 13), Image(1, 0, 10), Image(1, 0, 14), Image(2, 0, 10), Image(2, 1, 10), Image(3, 0, 10)];

        var diagnosis = ManifestDiagnoser.Diagnose(
            Identities, Cameras, [.. images, .. images.Select(image => image with { Split = Split.Gallery })], null, new FindingList());

        Assert.Equal(["a in camera 1", "a in camera 1", "d in camera 1"], Find(diagnosis, "queries-without-match").Examples);
        Assert.DoesNotContain(diagnosis.Findings, finding => finding.Code == "queries-without-match-joined");

        static Tracklet Image(int identity, int camera, int time) => new(Split.Query, identity, camera, 0, 1) { Time = time };
    }

    [Fact]
    public void Training_identities_of_unknown_cameras_are_not_said_to_have_one()
    {
        var diagnosis = ManifestDiagnoser.Diagnose(Identities, [new Camera("")], [new Tracklet(Split.Train, 0, 0, 0, 1)], null, new FindingList());

        Assert.DoesNotContain(diagnosis.Findings, finding => finding.Code == "one-camera-identities");
    }

    private static Finding Find(ManifestDiagnosis diagnosis, string code) => diagnosis.Findings.Single(finding => finding.Code == code);

    private static ManifestDiagnosis Diagnose(params string[] tracklets) => Diagnose(null, tracklets);

    /// <summary>"T a1 3": training, identity a (- for nobody), camera 1, 3 frames.</summary>
    private static ManifestDiagnosis Diagnose(PublishedCounts? published, params string[] tracklets) => ManifestDiagnoser.Diagnose(
        Identities,
        Cameras,
        [.. tracklets.Select(text => new Tracklet(
            text[0] switch { 'T' => Split.Train, 'Q' => Split.Query, 'I' => Split.QueryImage, _ => Split.Gallery },
            text[2] == '-' ? Tracklet.Distractor : text[2] - 'a',
            text[3] - '1',
            0,
            int.Parse(text.AsSpan(5))))],
        published,
        new FindingList());
}
