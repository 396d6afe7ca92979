using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class FrameBytesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Reads_every_frame_from_any_number_of_threads()
    {
        var contents = Enumerable.Range(0, 300).Select(Content).ToList();
        File.WriteAllBytes(_file, HandmadeZip.Write([.. contents.Select((content, i) =>
            new ZipPart($"{i}.jpg", content) { Method = (ushort)(i % 2 * 8), LocalExtra = i % 5 == 0 ? 3000 : i % 40 })]));
        using var stream = File.OpenRead(_file);
        var frames = ArchiveIndex.Read(stream, "a.zip").Entries.Select(entry => entry.In(0)).ToList();
        using var handle = File.OpenHandle(_file);

        Parallel.For(0, 3000, i => Assert.Equal(contents[i % 300], FrameBytes.Read(handle, frames[i % 300])));
    }

    [Fact]
    public void Reads_a_loose_file_and_verifies_it()
    {
        var content = Content(30);
        File.WriteAllBytes(_file, content);
        using var handle = File.OpenHandle(_file);
        var frame = new FrameSource("a.jpg", 0, 0, content.Length, content.Length, FrameEncoding.Loose, HandmadeZip.Crc(content));

        Assert.Equal(content, FrameBytes.Read(handle, frame));
        Assert.Contains("a.jpg is damaged", Refusal(frame with { Crc32 = 1 }), StringComparison.Ordinal);
        Assert.Contains("a.jpg is cut off", Refusal(frame with { CompressedLength = content.Length + 1 }), StringComparison.Ordinal);
        Assert.Contains("a.jpg is not where", Refusal(frame with { Encoding = FrameEncoding.Stored }), StringComparison.Ordinal);

        string Refusal(FrameSource wrong) => Assert.Throws<ArchiveException>(() => FrameBytes.Read(handle, wrong)).Message;
    }

    [Fact]
    public void Pixels_in_the_middle_of_an_array_become_a_picture()
    {
        var pixels = new byte[ArrayFrame.Length];
        new Random(1).NextBytes(pixels);
        File.WriteAllBytes(_file, [1, 2, 3, .. pixels, 4]);
        using var handle = File.OpenHandle(_file);
        var frame = new FrameSource("a.npy/00000000", 0, 3, pixels.Length, pixels.Length, FrameEncoding.Pixels, HandmadeZip.Crc(pixels));

        var picture = ImageDecoder.Decode(FrameBytes.Read(handle, frame), frame.Name);

        Assert.Equal((ArrayFrame.Width, ArrayFrame.Height), (picture.Width, picture.Height));
        Assert.Equal(pixels, picture.Pixels);
        Assert.Throws<ArchiveException>(() => FrameBytes.Read(handle, frame with { Offset = 4 }));
        Assert.Throws<ArchiveException>(() => FrameBytes.Read(handle, frame with { Offset = 5 }));
    }

    [Fact]
    public void Refuses_a_file_that_ends_inside_the_frame()
    {
        var zip = HandmadeZip.Write([new ZipPart("a.jpg", Content(900))]);
        var entry = ArchiveIndex.Read(new MemoryStream(zip), "a.zip").Entries[0];
        foreach (var length in new[] { 0, 10, 29, 30, 36, 500 })
        {
            File.WriteAllBytes(_file, zip[..length]);
            using var handle = File.OpenHandle(_file);

            Assert.Contains("a.jpg is cut off", Assert.Throws<ArchiveException>(() => FrameBytes.Read(handle, entry.In(0))).Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Content(int seed)
    {
        var content = new byte[seed * 7];
        new Random(seed).NextBytes(content.AsSpan(content.Length / 2));
        return content;
    }
}
