using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class ManifestCsvTests
{
    [Fact]
    public void Groups_the_rows_of_a_tracklet_in_the_order_of_the_file()
    {
        var upload = UploadFiles.Csv(
            "\uFEFFpath,identity,camera,split,tracklet,modality\r\n"
            + "a.png,anna,door,train,t1,\r\n"
            + "\"b,1.png\",\"the \"\"other\"\"\",door,train,t2,visible\n"
            + "c.png,anna,door,train,t1,\r\n"
            + "\r\n"
            + "d.png,10,hall,query,,infrared\n"
            + "e.png,9,hall,gallery,,infrared\n"
            + "f.png,distractor,hall,gallery,,infrared",
            "a.png", "b,1.png", "c.png", "d.png", "e.png", "f.png");

        var manifest = upload.Ingest();

        Assert.Equal("csv", manifest.Layout);
        Assert.Equal(["9", "10", "anna", "the \"other\""], manifest.Identities);
        Assert.Equal([new Camera("door"), new Camera("hall", Modality.Infrared)], manifest.Cameras);
        Assert.Equal(["a.png", "c.png", "b,1.png", "d.png", "e.png", "f.png"], manifest.Frames.Select(frame => frame.Name));
        Assert.Equal(
            [
                new Tracklet(Split.Train, 2, 0, 0, 2), new Tracklet(Split.Train, 3, 0, 2, 1), new Tracklet(Split.Query, 1, 1, 3, 1),
                new Tracklet(Split.Gallery, 0, 1, 4, 1), new Tracklet(Split.Gallery, Tracklet.Distractor, 1, 5, 1),
            ],
            manifest.Tracklets);
    }

    [Fact]
    public void Paths_are_relative_to_the_tables_folder_and_archives_do()
    {
        var upload = new UploadFiles()
            .With("my/set/manifest.csv", "split,path,camera,identity\ntrain,pictures/a.png,1,x"u8.ToArray())
            .With("my/set/pictures/a.png", UploadFiles.Bmp(32, 64, 1)).Pack("own.zip");

        Assert.Equal("my/set/pictures/a.png", upload.Ingest().Frames.Single().Name);
    }

    [Theory]
    [InlineData("path,identity,camera\na.png,x,1", "line 1: column split is missing")]
    [InlineData("path,identity,camera,split,spilt\na.png,x,1,train,", "line 1: column 'spilt' is not known; there are path, identity, split, camera, tracklet, modality")]
    [InlineData("path,path,identity,camera,split\n", "line 1: column 'path' is there twice")]
    [InlineData("path,identity,camera,split\n\na.png,x,1", "line 3: 3 fields where the first line names 4")]
    [InlineData("path,identity,camera,split\na.png,x,1,training", "line 2: split 'training' is none of train, query, gallery")]
    [InlineData("path,identity,camera,split\na.png,,1,train", "line 2: identity is empty; write distractor")]
    [InlineData("path,identity,camera,split\na.png,distractor,1,query", "line 2: a distractor can only be in the gallery")]
    [InlineData("path,identity,camera,split\n../a.png,x,1,train", "line 2: path '../a.png' leaves its folder")]
    [InlineData("path,identity,camera,split\n/a.png,x,1,train", "line 2: path '/a.png' has an absolute name")]
    [InlineData("path,identity,camera,split\n\\a.png,x,1,train", "has a backslash in its name")]
    [InlineData("path,identity,camera,split\n\"b\nc.png\",x,1,train\nb.png,x,1,train", "b.png (manifest.csv line 4)")]
    [InlineData("path,identity,camera,split\na.png,\"x\ny\",1,train", "line 2: identity or camera has a control character")]
    [InlineData("path,identity,camera,split\nb.png,x,1,train", "missing-file: the protocol names files that are not there: upload them too\nb.png (manifest.csv line 2)")]
    [InlineData("path,identity,camera,split,modality\na.png,x,1,train,ir", "line 2: modality 'ir' is neither visible nor infrared")]
    [InlineData("path,identity,camera,split,tracklet\na.png,x,1,train,t\na.png,x,2,train,t", "line 3: tracklet 't' has another identity, camera, modality or split than in line 2")]
    [InlineData("path,identity,camera,split\n\"a.png,x,1,train", "line 2: a quoted field does not end")]
    [InlineData("path,identity,camera,split\na\"b.png,x,1,train", "line 2: a quote inside a field")]
    [InlineData("path,identity,camera,split\n\"a\"b,x,1,train", "line 2: text behind a closing quote")]
    [InlineData("path,identity,camera,split\n", "no-tracklets")]
    [InlineData("", "no-tracklets")]
    public void Names_the_line_that_cannot_be_used(string table, string message) =>
        Assert.Contains(message, UploadFiles.Csv(table, "a.png").Refusal("csv"), StringComparison.Ordinal);

    [Theory]
    [InlineData("path,identity,split\na.png,x,train\nb.png,y,train")]
    [InlineData("path,identity,camera,split\na.png,x,,train\nb.png,y,,train")]
    public void Cameras_may_be_unknown(string table)
    {
        var manifest = UploadFiles.Csv(table, "a.png", "b.png").Ingest();

        Assert.Equal([new Camera(Camera.Unknown)], manifest.Cameras);
        Assert.False(manifest.HasCameras);
        Assert.False(manifest.Diagnosis.HasCameras);
    }

    [Fact]
    public void Says_when_a_file_is_listed_twice()
    {
        var manifest = UploadFiles.Csv("path,identity,camera,split\na.png,x,1,train\na.png,x,1,train", "a.png").Ingest();

        Assert.Equal(["line 3: a.png"], manifest.Diagnosis.Findings.Single(finding => finding.Code == "frame-listed-twice").Examples);
    }

    [Fact]
    public void Strangers_tables_are_read_or_refused()
    {
        var good = Encoding.UTF8.GetBytes(
            "path,identity,camera,split,tracklet,modality\r\na.png,anna,1,train,t1,\r\n\"b.png\",\"a \"\"b\"\"\",2,query,,infrared\nc.png,distractor,2,gallery,t,\n");
        var refused = 0;
        for (var seed = 0; seed < 1500; seed++)
        {
            try
            {
                UploadFiles.Csv("", "a.png", "b.png", "c.png").With("manifest.csv", Mutation.Of(good, seed)).Ingest("csv");
            }
            catch (DatasetException exception)
            {
                Assert.NotEmpty(exception.Errors);
                refused++;
            }
        }

        Assert.InRange(refused, 500, 1499);
    }
}
