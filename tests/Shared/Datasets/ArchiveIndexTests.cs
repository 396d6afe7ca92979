using System.IO.Compression;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class ArchiveIndexTests
{
    private static readonly byte[] Text = "Frames of one identity from one camera."u8.ToArray();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void Reads_what_the_framework_reads(CompressionLevel level)
    {
        var random = new Random(7);
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("mars/");
            for (var i = 0; i < 200; i++)
            {
                var content = new byte[random.Next(5000)];
                random.NextBytes(content.AsSpan(0, content.Length / 2));
                using var entry = zip.CreateEntry($"mars/ordner ä/{i:D4}.jpg", level).Open();
                entry.Write(content);
            }
        }

        using var oracle = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var index = ArchiveIndex.Read(stream, "mars.zip");

        var expected = oracle.Entries.Where(entry => entry.Name.Length > 0).ToList();
        Assert.Equal(expected.Select(entry => (entry.FullName, entry.Length, entry.CompressedLength, entry.Crc32)),
            index.Entries.Select(entry => (entry.Name, entry.Length, entry.CompressedLength, entry.Crc32)));
        foreach (var (entry, theirs) in index.Entries.Zip(expected))
        {
            using var content = new MemoryStream();
            using (var open = theirs.Open())
            {
                open.CopyTo(content);
            }

            Assert.Equal(content.ToArray(), index.Open(entry));
        }
    }

    [Fact]
    public void Reads_sizes_of_64_bits_and_a_comment()
    {
        var zip = HandmadeZip.Write(
            [new ZipPart("a.txt", Text) { Wide = true }, new ZipPart("b.txt", Text) { Wide = true, Method = 8, LocalExtra = 700 }], wideEnd: true, comment: "PK\x05\x06 is me");

        var index = ArchiveIndex.Read(new MemoryStream(zip), "wide.zip");

        Assert.Equal(["a.txt", "b.txt"], index.Entries.Select(entry => entry.Name));
        Assert.All(index.Entries, entry => Assert.Equal(Text, index.Open(entry)));
    }

    [Fact]
    public void Reads_a_million_entries_in_little_memory()
    {
        var parts = Enumerable.Range(0, 1_000_000).Select(i => new ZipPart($"mars/bbox_train/{i / 1000:D4}/{i:D7}.jpg", [])).ToList();
        var zip = HandmadeZip.Write(parts, wideEnd: true);
        using var counted = new CountedReads(new MemoryStream(zip));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var index = ArchiveIndex.Read(counted, "mars.zip");

        Assert.Equal(1_000_000, index.Entries.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400 << 20);
        Assert.InRange(counted.Count, 0, zip.Length);
    }

    [Fact]
    public void Reads_the_directory_with_few_requests()
    {
        var zip = HandmadeZip.Write([.. Enumerable.Range(0, 5000).Select(i => new ZipPart($"{i:D5}.jpg", new byte[400]))]);
        using var stream = new CountingStream(zip);

        ArchiveIndex.Read(stream, "a.zip");

        Assert.InRange(stream.Reads, 2, 4);
    }

    public static TheoryData<string, byte[], string> Wrong()
    {
        var good = HandmadeZip.Write([new ZipPart("a.jpg", Text), new ZipPart("b.jpg", Text)]);
        return new TheoryData<string, byte[], string>
        {
            { "no bytes", [], "is empty (0 bytes)" },
            { "no entries", HandmadeZip.Write([]), "without files" },
            { "only folders", HandmadeZip.Write([new ZipPart("a/", [])]), "without files" },
            { "cut in the middle", good[..^60], "truncated" },
            { "cut at the front", good[20..], "does not lie inside" },
            { "text", "path,identity,camera,split"u8.ToArray(), "is not a zip" },
            { "encrypted", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Flags = 1 }]), "'a.jpg' is encrypted" },
            { "AES", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Method = 99 }]), "'a.jpg' is encrypted" },
            { "Deflate64", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Method = 9 }]), "method 9" },
            { "dots", HandmadeZip.Write([new ZipPart("a/../../b.jpg", Text)]), "'a/../../b.jpg' leaves its folder" },
            { "absolute", HandmadeZip.Write([new ZipPart("/etc/b.jpg", Text)]), "'/etc/b.jpg' has an absolute name" },
            { "drive", HandmadeZip.Write([new ZipPart("C:/b.jpg", Text)]), "has an absolute name" },
            { "backslash", HandmadeZip.Write([new ZipPart("a\\b.jpg", Text)]), "has a backslash" },
            { "folder with dots", HandmadeZip.Write([new ZipPart("../", []), new ZipPart("b.jpg", Text)]), "leaves its folder" },
            { "no name", HandmadeZip.Write([new ZipPart("", Text)]), "has no name" },
            { "long name", HandmadeZip.Write([new ZipPart(new string('a', 2000), Text)]), "has 2000 bytes" },
            { "twice", HandmadeZip.Write([new ZipPart("a.jpg", Text), new ZipPart("a.jpg", Text)]), "'a.jpg' is there twice" },
            { "shared bytes", HandmadeZip.Write([new ZipPart("a.jpg", Text), new ZipPart("b.jpg", Text) { Offset = 10 }]), "share bytes" },
            { "outside", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Offset = 4000 }]), "does not lie inside" },
            { "too long", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Compressed = 4000, Length = 4000 }]), "does not lie inside" },
            { "bomb", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Method = 8, Length = 1 << 27 }]), "which cannot be" },
            { "stored sizes differ", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Length = 3 }]), "which cannot be" },
            { "huge", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Method = 8, Length = 1 << 29 }]), "at most" },
            { "link", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Attributes = 0xA1FF0000 }]), "'a.jpg' is a symbolic link" },
            { "split", HandmadeZip.Write([new ZipPart("a.jpg", Text)], disk: 2), "is one part of a split archive" },
            { "entry elsewhere", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Disk = 2 }]), "lies on another part" },
            { "more entries announced", HandmadeZip.Write([new ZipPart("a.jpg", Text)], entries: 5), "shorter than the entries" },
            { "wide sizes missing", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Offset = uint.MaxValue }]), "no readable 64-bit" },
        };
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Refuses_an_archive_that_is_wrong(string why, byte[] zip, string message)
    {
        var exception = Assert.Throws<ArchiveException>(() => ArchiveIndex.Read(new MemoryStream(zip), "set.zip"));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("set.zip", exception.Message, StringComparison.Ordinal);
        Assert.NotEmpty(why);
    }

    [Fact]
    public void Refuses_more_than_its_limits()
    {
        var zip = HandmadeZip.Write([new ZipPart("a.jpg", Text), new ZipPart("b.jpg", Text)]);

        Assert.Contains("2 entries", Refusal(new ArchiveLimits(Entries: 1)), StringComparison.Ordinal);
        Assert.Contains("39 bytes", Refusal(new ArchiveLimits(EntryLength: 38)), StringComparison.Ordinal);
        Assert.Contains("more than 50 bytes", Refusal(new ArchiveLimits(TotalLength: 50)), StringComparison.Ordinal);

        string Refusal(ArchiveLimits limits) =>
            Assert.Throws<ArchiveException>(() => ArchiveIndex.Read(new MemoryStream(zip), "set.zip", limits)).Message;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void Refuses_an_entry_whose_bytes_are_not_as_declared(ushort method)
    {
        Assert.Contains("a.jpg is damaged: its checksum", Refusal(new ZipPart("a.jpg", Text) { Method = method, Crc = 7 }), StringComparison.Ordinal);
        if (method == 8)
        {
            Assert.Contains("does not unpack", Refusal(new ZipPart("a.jpg", Text) { Method = method, Length = 20 }), StringComparison.Ordinal);
            Assert.Contains("does not unpack", Refusal(new ZipPart("a.jpg", Text) { Method = method, Length = 200 }), StringComparison.Ordinal);
        }

        static string Refusal(ZipPart part)
        {
            var index = ArchiveIndex.Read(new MemoryStream(HandmadeZip.Write([part])), "set.zip");
            return Assert.Throws<ArchiveException>(() => index.Open(index.Entries[0])).Message;
        }
    }

    [Fact]
    public void Strangers_bytes_are_read_or_refused()
    {
        var good = HandmadeZip.Write(
            [new ZipPart("a/", []), new ZipPart("a/b.jpg", Text), new ZipPart("a/c.jpg", Text) { Method = 8 }, new ZipPart("d", Text) { Wide = true }], wideEnd: true);
        var refused = 0;
        for (var seed = 0; seed < 4000; seed++)
        {
            try
            {
                var index = ArchiveIndex.Read(new MemoryStream(Mutation.Of(good, seed)), "set.zip");
                foreach (var entry in index.Entries)
                {
                    Assert.Equal(entry.Length, index.Open(entry).Length);
                }
            }
            catch (ArchiveException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 2000, 3999);
    }

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public int Reads { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Reads++;
            return base.Read(buffer, offset, count);
        }

        public override int Read(Span<byte> buffer)
        {
            Reads++;
            return base.Read(buffer);
        }
    }
}
