using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class ValidationPartTests
{
    /// <summary>What NumPy 1.24 gave for a program written from spec of AlignedReID §12: the first places of queries and gallery, their numbers, and their sums by position.</summary>
    [Theory]
    [InlineData(8, 1, new[] { 152, 99, 54, 105, 59, 102, 138, 56, 136, 62, 106, 153 }, 26, 38149, new[] { 150, 103, 69, 88, 89, 58, 126, 70, 55, 90, 135, 100 }, 18, 17408)]
    [InlineData(27, 1, new[] { 44, 47, 66, 152, 11, 78, 35, 99, 120, 94, 114, 147 }, 89, 336721, new[] { 150, 14, 103, 69, 88, 89, 95, 16, 42, 33, 12, 58 }, 68, 207748)]
    [InlineData(27, 3, new[] { 117, 151, 41, 87, 6, 78, 84, 15, 57, 31, 42, 141 }, 89, 350263, new[] { 3, 34, 132, 126, 70, 157, 14, 40, 8, 77, 43, 88 }, 68, 208925)]
    public void Holds_back_whom_the_reference_holds_back(int identities, long seed, int[] queries, int queryCount, long querySum, int[] gallery, int galleryCount, long gallerySum)
    {
        var whole = Drawn();
        var part = ValidationPart.Of(whole, new ValidationSpec(identities, seed), RetrievalProtocol.CrossCamera);
        var (found, searched) = (Places(part, Split.Query), Places(part, Split.Gallery));

        Assert.Equal(166, whole.Tracklets.Count(tracklet => tracklet.Split == Split.Train));
        Assert.Equal(queries, found[..12]);
        Assert.Equal((queryCount, querySum), (found.Length, Sum(found)));
        Assert.Equal(gallery, searched[..12]);
        Assert.Equal((galleryCount, gallerySum), (searched.Length, Sum(searched)));
        Assert.Equal(identities, part.Of(Split.Query).Select(tracklet => tracklet.Identity).Distinct().Count());
        Assert.Empty(part.Of(Split.Query).Concat(part.Of(Split.Gallery)).Select(tracklet => tracklet.Identity).Intersect(part.TrainingIdentities));
        Assert.Equal(Enumerable.Range(0, 166), found.Concat(searched).Concat(Places(part, Split.Train)).Order());
    }

    [Fact]
    public void Is_another_data_set_of_the_same_frames()
    {
        var whole = Drawn();
        var part = ValidationPart.Of(whole, new ValidationSpec(8), RetrievalProtocol.CrossCamera);

        Assert.Equal((whole.Hash, whole.Frames), (part.WholeHash, part.Frames));
        Assert.Equal(4, new[] { whole, part, ValidationPart.Of(whole, new ValidationSpec(9), default), ValidationPart.Of(whole, new ValidationSpec(8, 2), default) }.Select(one => one.Hash).Distinct().Count());
        Assert.Equal((8, 22), (part.Diagnosis.Query.Identities, part.Diagnosis.Train.Identities));
        Assert.Equal((FindingSeverity.Note, 8), part.Diagnosis.Findings.Where(finding => finding.Code == "validation").Select(finding => (finding.Severity, finding.Count)).Single());
        Assert.Same(whole, ValidationPart.Of(whole, new TrainSpec("test", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec())));
    }

    [Theory]
    [InlineData(28, RetrievalProtocol.CrossCamera, "must be at most 27, the training identities of data set 'test' that can be searched for, was 28")]
    [InlineData(29, RetrievalProtocol.CameraLess, "must leave at least 2 of the 30 training identities")]
    public void Refuses_to_hold_back_more_than_there_are(int identities, RetrievalProtocol protocol, string message)
    {
        var error = Assert.Single(Assert.Throws<SpecException>(() => ValidationPart.Of(Drawn(), new ValidationSpec(identities), protocol)).Errors);

        Assert.Equal("$.validation.identities", error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>One query each, and the rest to be found.</summary>
    [Fact]
    public void Without_cameras_any_other_image_answers()
    {
        var drawn = Drawn();
        var blind = drawn with { Cameras = [new Camera(Camera.Unknown)], Tracklets = [.. drawn.Tracklets.Select(tracklet => tracklet with { Camera = 0 })] };

        var part = ValidationPart.Of(blind, new ValidationSpec(28), RetrievalProtocol.CameraLess);

        Assert.Equal(28, part.Of(Split.Query).Count());
        Assert.Equal(28, part.Of(Split.Gallery).Select(tracklet => tracklet.Identity).Distinct().Count());
        Assert.Throws<SpecException>(() => ValidationPart.Of(blind, new ValidationSpec(1), RetrievalProtocol.CrossCamera));
    }

    private static int[] Places(DatasetManifest manifest, Split split) => [.. manifest.Of(split).Select(tracklet => tracklet.FirstFrame)];

    private static long Sum(int[] places) => places.Index().Sum(place => (place.Index + 1L) * place.Item) % 1_000_003;

    /// <summary>Thirty identities; some were seen by one camera, some once by each. A test that is no part of it.</summary>
    private static DatasetManifest Drawn()
    {
        var tracklets = new List<Tracklet>();
        for (var identity = 0; identity < 30; identity++)
        {
            for (var camera = 0; camera < 6; camera++)
            {
                var count = identity switch
                {
                    2 => camera is 1 or 3 ? 1 : 0,
                    3 => camera % 2 == 0 ? 1 : 0,
                    _ when identity % 9 == 4 => camera == 0 ? 3 : 0,
                    _ => (identity + camera) % 3 != 0 ? ((identity * 7) + (camera * 5) + (identity * camera)) % 4 : identity % 5 == 0 ? 1 : 0,
                };
                tracklets.AddRange(Enumerable.Range(tracklets.Count, count).Select(frame => new Tracklet(Split.Train, identity, camera, frame, 1)));
            }
        }

        tracklets.AddRange([new Tracklet(Split.Query, 30, 0, 0, 1), new Tracklet(Split.Gallery, 30, 1, 1, 1)]);
        string[] identities = [.. Enumerable.Range(0, 31).Select(identity => $"{identity}")];
        Camera[] cameras = [.. Enumerable.Range(1, 6).Select(camera => new Camera($"{camera}"))];
        return new DatasetManifest(
            "test", "csv", "whole", identities, cameras, [], [.. Enumerable.Range(0, 166).Select(i => new FrameSource($"{i}.jpg", 0, 0, 1, 1, FrameEncoding.Loose, 0))], tracklets,
            ManifestDiagnoser.Diagnose(identities, cameras, tracklets, null, new FindingList()));
    }
}
