using System.Buffers.Binary;
using ReidCloud.Datasets;
using ReidCloud.Tests.Golden;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class ImageHeaderTests
{
    [Theory]
    [InlineData("jpeg.420", ImageFormat.Jpeg, 37, 61)]
    [InlineData("jpeg.progressive.420", ImageFormat.Jpeg, 37, 61)]
    [InlineData("jpeg.cmyk", ImageFormat.Jpeg, 37, 61)]
    [InlineData("jpeg.exif6", ImageFormat.Jpeg, 37, 61)]
    [InlineData("png.bilevel", ImageFormat.Png, 21, 33)]
    [InlineData("bmp.grey", ImageFormat.Bmp, 21, 33)]
    public void Tells_format_and_size_without_decoding(string golden, ImageFormat format, int width, int height)
    {
        var file = Bytes(golden);

        Assert.Equal(new ImageHeader(format, width, height), ImageHeader.Read(file, out var fault));
        Assert.Null(fault);
        Assert.Equal(new ImageHeader(format, width, height), ImageHeader.Read(file.AsSpan(0, file.Length - 8), file.AsSpan(file.Length - 100), file.Length, out fault));
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("jpeg.422")]
    [InlineData("jpeg.progressive.444")]
    [InlineData("png.palette")]
    [InlineData("bmp.palette")]
    public void Every_proper_beginning_is_truncated(string golden)
    {
        var file = Bytes(golden);
        for (var length = 12; length < file.Length; length++)
        {
            var beginning = file.AsSpan(0, length);

            Assert.Null(ImageHeader.Read(beginning, out var fault));
            Assert.StartsWith("is truncated", fault!.Problem);
            Assert.Null(ImageHeader.Read(beginning[..(length - 1)], beginning[(length / 2)..], length, out fault));
            Assert.True(fault is null ? length < 700 : fault.Problem.StartsWith("is truncated"), $"{length}: {fault}");
        }
    }

    [Fact]
    public void Asks_for_more_when_the_size_lies_behind_long_metadata()
    {
        var file = Bytes("jpeg.420");
        byte[] comment = [0xFF, 0xFE, 0xEA, 0x62, .. new byte[60_000]];
        byte[] stretched = [.. file[..2], .. comment, .. file[2..]];

        Assert.Null(ImageHeader.Read(stretched.AsSpan(0, ImageHeader.HeadLength), stretched.AsSpan(stretched.Length - ImageHeader.TailLength), stretched.Length, out var fault));
        Assert.Null(fault);
        Assert.Equal(37, ImageHeader.Read(stretched, out _)!.Value.Width);
    }

    [Fact]
    public void The_end_of_an_embedded_thumbnail_is_not_the_end()
    {
        var file = Bytes("jpeg.420");
        byte[] thumbnail = [0xFF, 0xE1, 0x00, 0x08, 0xFF, 0xD8, 0xFF, 0xD9, 0x00, 0x00];
        byte[] cut = [.. file[..2], .. thumbnail, .. file[2..^200]];

        Assert.Null(ImageHeader.Read(cut, out var fault));
        Assert.StartsWith("is truncated", fault!.Problem);
    }

    [Fact]
    public void Padding_after_the_end_is_no_fault()
    {
        foreach (var golden in new[] { "jpeg.420", "png.rgb", "bmp.rgb" })
        {
            Assert.NotNull(ImageHeader.Read([.. Bytes(golden), .. new byte[500]], out _));
        }
    }

    [Theory]
    [InlineData(30_000, 128, "has 30000 x 128 pixels, the limit is 8192 a side")]
    [InlineData(128, 30_000, "has 128 x 30000 pixels, the limit is 8192 a side")]
    [InlineData(8192, 8192, "has 8192 x 8192 pixels, the limit is 32000000 in all")]
    [InlineData(0, 128, "is damaged: its header says 0 x 128 pixels")]
    [InlineData(-5, 128, "is damaged: its header says -5 x 128 pixels")]
    public void Sizes_out_of_bounds_are_told(int width, int height, string problem)
    {
        var png = Bytes("png.rgb").ToArray();
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        var bmp = Bytes("bmp.rgb").ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), height);

        Assert.Null(ImageHeader.Read(png, out var fault));
        Assert.Equal(problem, fault!.Problem);
        Assert.Null(ImageHeader.Read(bmp, out fault));
        Assert.True(fault!.Problem == problem || fault.Problem.StartsWith("is truncated: the BMP needs"), fault.Problem);
    }

    [Fact]
    public void A_file_beyond_all_measure_is_told_by_its_length()
    {
        Assert.Null(ImageHeader.Read(Bytes("jpeg.420"), [], 200_000_000, out var fault));
        Assert.Equal("has 200000000 bytes, the limit is 134217728", fault!.Problem);
    }

    [Fact]
    public void A_compressed_bitmap_is_told()
    {
        var bmp = Bytes("bmp.palette").ToArray();
        bmp[30] = 1;

        Assert.Null(ImageHeader.Read(bmp, out var fault));
        Assert.Equal("is a compressed BMP, which is not supported; save it as PNG", fault!.ToString());
    }

    private static byte[] Bytes(string golden) =>
        GoldenCase.Read(Path.Combine(GoldenFolder.Own, $"imaging.decode.{golden}.safetensors"))["bytes"].U8;
}
