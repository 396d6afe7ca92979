using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using ReidCloud.Cli;
using ReidCloud.Cli.Api;
using ReidCloud.Datasets;

namespace ReidCloud.Tests.Cli.Api;

public sealed class TarArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reid tar ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<TarEntryFormat, string> Formats()
    {
        var cases = new TheoryData<TarEntryFormat, string>();
        foreach (var format in new[] { TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu })
        {
            cases.Add(format, "a.tar");
            cases.Add(format, "a.tar.gz");
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Every_file_arrives_by_its_name_as_it_is(TarEntryFormat format, string file)
    {
        var files = new Dictionary<string, byte[]>
        {
            ["train/000000.jpg"] = Bytes(100_000), ["train/000001.jpg"] = Bytes(512), ["train/empty.txt"] = [], ["train/a b.jpg"] = Bytes(1_500_000),
        };
        if (format != TarEntryFormat.V7)
        {
            files[$"{new string('x', 90)}/{new string('y', 90)}.jpg"] = Bytes(7);
        }

        if (format is TarEntryFormat.Pax or TarEntryFormat.Gnu)
        {
            files[$"train/{new string('z', 300)}.jpg"] = Bytes(3);
            files["train/тигр.jpg"] = Bytes(5);
        }

        var path = Write(file, writer =>
        {
            writer.WriteEntry(Folder(format, "./"));
            writer.WriteEntry(Folder(format, "./train/"));
            foreach (var (name, content) in files)
            {
                writer.WriteEntry(File(format, $"{(name.Length < 90 ? "./" : "")}{name}", content));
            }

            writer.WriteEntry(File(format, "./train/._000000.jpg", [1]));
        });

        using var zip = await RepackAsync(path);

        Assert.Equal(files.Keys, zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(files[entry.FullName], Content(entry)));
    }

    [Theory]
    [InlineData("../a.jpg", "leaves its folder by '..'")]
    [InlineData("train/../../a.jpg", "leaves its folder by '..'")]
    [InlineData("/etc/a.jpg", "has an absolute name")]
    [InlineData("C:/a.jpg", "has an absolute name")]
    [InlineData("train\\a.jpg", "has a backslash")]
    [InlineData("train//a.jpg", "has an empty folder")]
    [InlineData("train/a\n.jpg", "a control character")]
    public async Task Refuses_names_that_leave_the_archive(string name, string fault) =>
        Assert.Contains(fault, await RefusalAsync(Write("a.tar.gz", writer => writer.WriteEntry(File(TarEntryFormat.Pax, name, [1])))), StringComparison.Ordinal);

    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "is a link")]
    [InlineData(TarEntryType.HardLink, "is a link")]
    [InlineData(TarEntryType.Fifo, "is of kind '6'")]
    [InlineData(TarEntryType.CharacterDevice, "is of kind '3'")]
    public async Task Refuses_what_is_no_file(TarEntryType type, string fault)
    {
        var refusal = await RefusalAsync(Write("a.tar", writer =>
        {
            var entry = new PaxTarEntry(type, "train/000000.jpg");
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            {
                entry.LinkName = "/etc/passwd";
            }

            writer.WriteEntry(entry);
        }));

        Assert.Contains($"'train/000000.jpg' {fault}", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_the_same_name_twice_and_an_archive_without_files()
    {
        Assert.Contains("holds 'a.jpg' twice", await RefusalAsync(Write("a.tar", writer =>
        {
            writer.WriteEntry(File(TarEntryFormat.Gnu, "a.jpg", [1]));
            writer.WriteEntry(File(TarEntryFormat.Gnu, "./a.jpg", [2]));
        })), StringComparison.Ordinal);
        Assert.Contains("without files", await RefusalAsync(Write("b.tar", writer => writer.WriteEntry(Folder(TarEntryFormat.Gnu, "train/")))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_to_its_limits()
    {
        var path = Write("a.tar.gz", writer =>
        {
            writer.WriteEntry(File(TarEntryFormat.Pax, "a.jpg", new byte[3000]));
            writer.WriteEntry(File(TarEntryFormat.Pax, "b.jpg", new byte[3000]));
        });

        Assert.Contains("'a.jpg' has 3000 bytes; at most 2999 are read", await RefusalAsync(path, new ArchiveLimits(EntryLength: 2999)), StringComparison.Ordinal);
        Assert.Contains("more than 5999 bytes", await RefusalAsync(path, new ArchiveLimits(TotalLength: 5999)), StringComparison.Ordinal);
        Assert.Contains("more than 1 files", await RefusalAsync(path, new ArchiveLimits(Entries: 1)), StringComparison.Ordinal);
        using var zip = await RepackAsync(path, new ArchiveLimits(Entries: 2, EntryLength: 3000, TotalLength: 6000));
        Assert.Equal(2, zip.Entries.Count);
    }

    [Theory]
    [InlineData('x', 2_000_000_000L)]
    [InlineData('L', 2_000_000_000L)]
    [InlineData('0', long.MaxValue)]
    [InlineData('5', long.MaxValue)]
    [InlineData('g', -1L)]
    public async Task Headers_that_declare_gigabytes_cost_nothing(char kind, long size)
    {
        var tar = new byte[2048];
        Encoding.ASCII.GetBytes("train/a.jpg").CopyTo(tar, 0);
        tar[124] = 0x80;
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(tar.AsSpan(128), size);
        tar[156] = (byte)kind;
        var sum = tar.AsSpan(0, 512).ToArray().Sum(value => value) + (8 * ' ');
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(tar, 148);
        var path = Path.Combine(_folder, "a.tar");
        System.IO.File.WriteAllBytes(path, tar);
        var before = GC.GetTotalAllocatedBytes();

        Assert.Contains("is damaged or cut off", await RefusalAsync(path), StringComparison.Ordinal);
        
        // By the whole process's count, in which other tests' bytes are, too.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1 << 30);
    }

    [Fact]
    public async Task Strangers_bytes_are_read_or_refused()
    {
        var good = System.IO.File.ReadAllBytes(Write("good.tar", writer =>
        {
            writer.WriteEntry(File(TarEntryFormat.Pax, $"train/{new string('z', 200)}.jpg", Bytes(700)));
            writer.WriteEntry(File(TarEntryFormat.Gnu, $"train/{new string('y', 200)}.jpg", Bytes(100)));
        }));
        var refused = 0;
        for (var seed = 0; seed < 1500; seed++)
        {
            var tar = new TarEntries(new MemoryStream(Testing.Mutation.Of(good, seed)), "a.tar", ArchiveLimits.Default);
            try
            {
                while (await tar.NextAsync(TestContext.Current.CancellationToken) is { } entry)
                {
                    await entry.Content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
                }
            }
            catch (Exception exception) when (exception is CommandException or InvalidDataException or EndOfStreamException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 500, 1499);
    }

    [Fact]
    public async Task Says_when_an_archive_is_cut_off_or_none()
    {
        var path = Write("a.tar.gz", writer => writer.WriteEntry(File(TarEntryFormat.Pax, "a.jpg", Bytes(100_000))));
        var whole = System.IO.File.ReadAllBytes(path);
        System.IO.File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        Assert.Contains("is damaged or cut off", await RefusalAsync(path), StringComparison.Ordinal);
        System.IO.File.WriteAllBytes(path, [0x1F, 0x8B, 1, 2, 3]);
        Assert.Contains("is damaged or cut off", await RefusalAsync(path), StringComparison.Ordinal);
        System.IO.File.WriteAllText(path, "<html>" + new string(' ', 600));
        Assert.Contains("it is no .tar", await RefusalAsync(path), StringComparison.Ordinal);
        System.IO.File.WriteAllBytes(path, []);
        Assert.Contains("is damaged or cut off", await RefusalAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.tar")]
    [InlineData("a.tar.gz")]
    public async Task What_follows_the_end_mark_is_zeros_or_the_archive_is_refused(string name)
    {
        var tar = System.IO.File.ReadAllBytes(Write("good.tar", writer => writer.WriteEntry(File(TarEntryFormat.Gnu, "a.jpg", Bytes(700)))));

        using (var zip = await RepackAsync(Save(name, [.. tar, .. new byte[9000]])))
        {
            Assert.Single(zip.Entries);
        }

        using (var zip = await RepackAsync(Save(name, tar[..^512])))
        {
            Assert.Single(zip.Entries);
        }

        Assert.Contains("after 1 files and folders comes its end mark, and 1024 bytes on something else", await RefusalAsync(Save(name, [.. tar, .. tar])), StringComparison.Ordinal);
        Assert.Contains("and 100512 bytes on", await RefusalAsync(Save(name, [.. tar[..^512], .. new byte[100_000], 7])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(5)]
    public async Task The_compressions_check_sum_counts_wherever_it_is_wrong(int fromEnd)
    {
        var path = Write("a.tar.gz", writer => writer.WriteEntry(File(TarEntryFormat.Gnu, "a.jpg", Bytes(100_000))));
        var whole = System.IO.File.ReadAllBytes(path);
        System.IO.File.WriteAllBytes(path, whole[..^fromEnd]);
        Assert.Contains("is damaged or cut off: after its end mark, the check sum", await RefusalAsync(path), StringComparison.Ordinal);
        whole[^fromEnd] ^= 0x10;
        System.IO.File.WriteAllBytes(path, whole);
        Assert.Contains("is damaged or cut off: after its end mark, the check sum", await RefusalAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_bytes_that_are_called_tar_get_a_refusal_that_says_so()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(0, 4096)];
            random.NextBytes(bytes);
            if (seed % 2 == 0 && bytes.Length > 156)
            {
                bytes[148] = 0x80;
            }

            var refusal = await Assert.ThrowsAsync<CommandException>(() => RepackAsync(Save("a.tar", bytes)));
            Assert.Equal((2, true), (refusal.ExitCode, refusal.Message.Contains("is damaged or cut off", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Refuses_a_sparse_file()
    {
        var path = Write("a.tar", writer => writer.WriteEntry(new PaxTarEntry(
            TarEntryType.RegularFile, "GNUSparseFile.0/a.jpg", new Dictionary<string, string> { ["GNU.sparse.major"] = "1", ["GNU.sparse.name"] = "a.jpg" })
        {
            DataStream = new MemoryStream(Bytes(600)),
        }));

        Assert.Contains("holds a sparse file", await RefusalAsync(path), StringComparison.Ordinal);
    }

    private static System.Formats.Tar.TarEntry File(TarEntryFormat format, string name, byte[] content)
    {
        var type = format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
        var entry = Create(format, type, name);
        entry.DataStream = new MemoryStream(content);
        return entry;
    }

    private static System.Formats.Tar.TarEntry Folder(TarEntryFormat format, string name) => Create(format, TarEntryType.Directory, name);

    private static System.Formats.Tar.TarEntry Create(TarEntryFormat format, TarEntryType type, string name) => format switch
    {
        TarEntryFormat.V7 => new V7TarEntry(type, name),
        TarEntryFormat.Ustar => new UstarTarEntry(type, name),
        TarEntryFormat.Gnu => new GnuTarEntry(type, name),
        _ => new PaxTarEntry(type, name),
    };

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static async Task<ZipArchive> RepackAsync(string path, ArchiveLimits? limits = null)
    {
        var bytes = new MemoryStream();
        await new TarArchive("a.zip", path, limits).ReadAsync(stream => stream.CopyToAsync(bytes), CancellationToken.None);
        return new ZipArchive(bytes);
    }

    private static async Task<string> RefusalAsync(string path, ArchiveLimits? limits = null)
    {
        var refusal = await Assert.ThrowsAsync<CommandException>(() => RepackAsync(path, limits));
        Assert.NotNull(refusal.Message);
        return refusal.Message;
    }

    private string Save(string name, byte[] tar)
    {
        var path = Path.Combine(_folder, name);
        using var file = System.IO.File.Create(path);
        using var content = name.EndsWith("gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Optimal) : (Stream)file;
        content.Write(tar);
        return path;
    }

    private string Write(string name, Action<TarWriter> write)
    {
        var path = Path.Combine(_folder, name);
        using var file = System.IO.File.Create(path);
        using var content = name.EndsWith("gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Optimal) : (Stream)file;
        using var writer = new TarWriter(content, TarEntryFormat.Pax);
        write(writer);
        return path;
    }
}
