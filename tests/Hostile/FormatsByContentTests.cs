using ReidCloud.Cli.Api;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Hostile;

/// <summary>What a file is, it says itself; its name may say anything.</summary>
public sealed class FormatsByContentTests : IDisposable
{
    private const string Table = "path,identity,camera,split\na.jpg,1,1,train\nb.png,2,1,train\nc.bmp,3,1,train";
    private readonly string _folder = Directory.CreateTempSubdirectory("reid content ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Pictures_have_the_format_that_they_begin_as()
    {
        var (png, jpeg, bmp) = (HostileImages.Golden("png.rgb"), HostileImages.Golden("jpeg.420"), HostileImages.Golden("bmp.rgb"));

        Assert.Equal(3, UploadFiles.Csv(Table).With("a.jpg", png).With("b.png", bmp).With("c.bmp", jpeg).Ingest().Frames.Count);
        Assert.Equal(ImageDecoder.Decode(png, "a.png").Pixels, ImageDecoder.Decode(png, "a.jpg").Pixels);
        Assert.Contains(
            "a.jpg is not an image that can be read: it starts with the bytes 504B0304",
            UploadFiles.Csv(Table, "b.png", "c.bmp").With("a.jpg", HandmadeZip.Write([new ZipPart("x", [1])])).Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("set.tar")]
    [InlineData("set.tar.gz")]
    [InlineData("set.7z")]
    public void An_upload_that_begins_as_a_zip_is_one(string name)
    {
        var zip = UploadFiles.Mars().Pack("MARS.zip").Content("MARS.zip");

        Assert.Equal(UploadFiles.Mars().Ingest().Hash, new UploadFiles().Blob(name, zip).Ingest().Hash);
    }

    [Fact]
    public void An_upload_that_does_not_is_none()
    {
        Assert.Contains("set.zip is not a zip", new UploadFiles().Blob("set.zip", HandmadeTar.Write(("a.jpg", [1]))).Refusal(), StringComparison.Ordinal);
        Assert.Contains("not-a-zip", new UploadFiles().Blob("set.tar", HandmadeTar.Write(("a.jpg", [1]))).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_pushed_is_packed_anew_by_what_it_is()
    {
        var zip = Pushed("a.tar", HandmadeZip.Write([new ZipPart("x.jpg", [1])]));
        Assert.Equal("a.zip", Assert.IsType<PlainFile>(zip).Name);
        Assert.Equal("b.zip", Assert.IsType<TarArchive>(Pushed("b.zip", HandmadeTar.Write(("x.jpg", [1])))).Name);
        Assert.Equal("c.zip", Assert.IsType<TarArchive>(Pushed("c.zip", [0x1F, 0x8B, 8, 0])).Name);
        Assert.Equal("d.ZIP", Assert.IsType<PlainFile>(Pushed("d.ZIP", "neither"u8.ToArray())).Name);
        Assert.IsType<TarArchive>(Pushed("e.tar", "neither"u8.ToArray()));
    }

    [Fact]
    public void Weights_have_the_format_that_they_begin_as()
    {
        var pickle = PickleBytes.Dict(p => p.Tensor([2, 2], [2, 1])).Done();

        Assert.Equal(WeightsFormat.PytorchLegacy, WeightsFile.Read(new MemoryStream(PickleBytes.Legacy(pickle)), "w.safetensors").Format);
        Assert.Equal(WeightsFormat.PytorchZip, WeightsFile.Read(new MemoryStream(PickleBytes.Zip(pickle)), "w.tar").Format);
        Assert.Equal(WeightsFormat.PytorchTar, WeightsFile.Read(new MemoryStream(HandmadeTar.Pytorch()), "w.zip").Format);
    }

    private PushedFile Pushed(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return Assert.Single(PushedFiles.Of(path));
    }
}
