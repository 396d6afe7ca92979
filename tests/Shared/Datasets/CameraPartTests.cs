using ReidCloud.Datasets;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class CameraPartTests
{
    private const string Table = """
        path,identity,camera,split
        a.bmp,p,door,train
        b.bmp,p,lift,train
        c.bmp,q,lift,train
        d.bmp,r,door,train
        e.bmp,s,hall,query
        f.bmp,s,door,gallery
        g.bmp,t,hall,train
        """;

    private static DatasetManifest Whole => UploadFiles.Csv(Table, "a.bmp", "b.bmp", "c.bmp", "d.bmp", "e.bmp", "f.bmp", "g.bmp").Ingest();

    [Fact]
    public void Holds_what_these_cameras_saw_and_the_whole_test()
    {
        var (whole, part) = (Whole, CameraPart.Of(Whole, Training("lift", "door")));

        Assert.Equal(["p door", "p lift", "q lift", "r door"], Seen(part, Split.Train));
        Assert.Equal(["p", "q", "r"], part.TrainingIdentities.Select(identity => part.Identities[identity]));
        Assert.Equal(Seen(whole, Split.Query).Concat(Seen(whole, Split.Gallery)), Seen(part, Split.Query).Concat(Seen(part, Split.Gallery)));
        Assert.Equal((whole.Hash, new SplitCounts(3, 4, 4, 2, 0), whole.Diagnosis.Query), (part.Hash, part.Diagnosis.Train, part.Diagnosis.Query));
        Assert.Equal("of the training split only what some cameras saw is trained on: 4 of 5 frames, 3 of 4 identities", part.Diagnosis.Findings.Single(finding => finding.Code == "cameras").Message);
        Assert.Equal(whole.Tracklets, CameraPart.Of(whole, Training()).Tracklets);
    }

    [Fact]
    public void Refuses_cameras_that_saw_nothing_of_the_training_with_those_that_did()
    {
        var errors = Assert.Throws<SpecException>(() => CameraPart.Of(Whole, Training("door", "Lift", "roof"))).Errors;

        Assert.Equal(["$.cameras[1]", "$.cameras[2]"], errors.Select(error => error.Path));
        Assert.Equal("'Lift' is no camera of the training split of data set 'test'; there are door, hall, lift", errors[0].Message);
    }

    [Theory]
    [InlineData("hall", "must leave at least 2 identities to train on: these cameras saw 1 of the 4 of data set 'test'; name more cameras")]
    [InlineData(null, "has no effect: data set 'test' does not say which camera saw what; leave it out")]
    public void Refuses_where_too_little_is_left_or_no_camera_known(string? camera, string message)
    {
        var manifest = camera is null ? Whole with { Cameras = [new Camera(Camera.Unknown)] } : Whole;

        Assert.Equal(("$.cameras", message), Assert.Single(Assert.Throws<SpecException>(() => CameraPart.Of(manifest, Training(camera ?? Camera.Unknown))).Errors) is var error ? (error.Path, error.Message) : default);
    }

    private static TrainSpec Training(params string[] cameras) => new("test", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec()) { Cameras = cameras };

    private static IEnumerable<string> Seen(DatasetManifest manifest, Split split) =>
        manifest.Of(split).Select(tracklet => $"{manifest.Identities[tracklet.Identity]} {manifest.Cameras[tracklet.Camera].Name}").Order(StringComparer.Ordinal);
}
