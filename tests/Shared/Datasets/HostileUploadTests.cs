using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

/// <summary>Uploads made to fill memory, to hang, to be misread or to deceive a reader: each is refused, with its place and a remedy, before it costs anything.</summary>
public sealed class HostileUploadTests
{
    private const string Rows = "path,identity,camera,split\n";
    private static readonly byte[] Text = "a, b"u8.ToArray();

    [Theory]
    [InlineData("a\u001b[2J.jpg", "a control character")]
    [InlineData("a\u0000.jpg", "a control character")]
    [InlineData("a\u007f.jpg", "a control character")]
    [InlineData("a\u009b2J.jpg", "a control character")]
    [InlineData("a\u202egpj.exe", "a character that turns the reading direction")]
    [InlineData("a\u2066b\u2069.jpg", "a character that turns the reading direction")]
    [InlineData("a\u2028b.jpg", "a character that breaks lines")]
    public void Names_that_deceive_are_refused_and_never_repeated(string name, string fault)
    {
        Assert.Contains(fault, DatasetName.FaultOfFile(name), StringComparison.Ordinal);
        Assert.Contains("half a character", DatasetName.FaultOfFile("a\ud800.jpg"), StringComparison.Ordinal);
        var refusal = Assert.Throws<ArchiveException>(() => Read(HandmadeZip.Write([new ZipPart(name, Text)]))).Message;
        Assert.Contains(fault, refusal, StringComparison.Ordinal);
        Assert.True(refusal.All(letter => letter is >= ' ' and < '\u007f' or '…'), refusal);
    }

    /// <summary>APPNOTE.TXT, appendix D: without the flag for UTF-8 a name is of the IBM PC's code page 437, whose upper half has no control characters.</summary>
    [Fact]
    public void Names_from_before_Unicode_are_those_of_the_code_page_that_zip_says()
    {
        var zip = HandmadeZip.Write([new ZipPart("t\u0001r.jpg", Text) { Flags = 0 }]);
        for (var at = zip.AsSpan().IndexOf((byte)1); at >= 0 && at < zip.Length; at++)
        {
            zip[at] = zip[at] == 1 && zip[at - 1] == 't' ? (byte)0x81 : zip[at];
        }

        Assert.Equal("tür.jpg", Read(zip).Entries.Single().Name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_directory_that_holds_more_than_it_announces_is_refused(bool wide)
    {
        var zip = HandmadeZip.Write([new ZipPart("a.jpg", Text), new ZipPart("b.jpg", Text), new ZipPart("c.jpg", Text)], wideEnd: wide, entries: 1);

        Assert.Contains("holds more entries than the 1 that it announces", Assert.Throws<ArchiveException>(() => Read(zip)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_entry_that_is_packed_to_almost_nothing_is_refused()
    {
        var zip = HandmadeZip.Write([new ZipPart("a.bmp", new byte[8 << 20]) { Method = 8 }]);

        Assert.Contains("more than 200 times", Assert.Throws<ArchiveException>(() => Read(zip)).Message, StringComparison.Ordinal);
        Assert.Single(Read(HandmadeZip.Write([new ZipPart("a.bmp", new byte[8 << 20])])).Entries);
        Assert.Single(Read(HandmadeZip.Write([new ZipPart("a.bmp", new byte[1 << 19]) { Method = 8 }])).Entries);
    }

    /// <summary>Who reads the entry takes the packed bytes into memory before it unpacks the first of them.</summary>
    [Fact]
    public void A_short_entry_that_is_packed_to_very_many_bytes_is_refused()
    {
        var noise = new byte[200_000];
        new Random(1).NextBytes(noise);
        var zip = HandmadeZip.Write([new ZipPart("a.bmp", noise) { Method = 8, Length = 1000 }]);

        Assert.Matches("entry 'a.bmp' declares 1000 bytes from 2000[0-9]{2}, which cannot be", Assert.Throws<ArchiveException>(() => Read(zip)).Message);
        Assert.Equal(noise, Read(HandmadeZip.Write([new ZipPart("a.bmp", noise) { Method = 8 }])) is var whole ? whole.Open(whole.Entries[0]) : []);
        Assert.Single(Read(HandmadeZip.Write([new ZipPart("a.bmp", []) { Method = 8 }])).Entries);
    }

    [Fact]
    public void Names_may_not_fill_memory()
    {
        var zip = HandmadeZip.Write([.. Enumerable.Range(0, 100).Select(i => new ZipPart($"{new string('x', 990)}{i:D3}.jpg", []))]);

        Assert.Contains(
            "names of more than 50000 bytes",
            Assert.Throws<ArchiveException>(() => ArchiveIndex.Read(new MemoryStream(zip), "set.zip", new ArchiveLimits(NamesLength: 50_000))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>What an unnamed type stores has no width, so that any shape would be "of as many bytes as are there"; the third shape overflows to what is there.</summary>
    [Theory]
    [InlineData(int.MaxValue, 4, 77, 0)]
    [InlineData(0, 4, 77, 0)]
    [InlineData(2147352580, 1073807362, 9, 64)]
    public void A_matrix_whose_shape_is_not_what_it_holds_is_refused(int rows, int columns, int type, int length)
    {
        var header = new byte[128];
        (header[125], header[126], header[127]) = (1, (byte)'I', (byte)'M');
        byte[] matrix = [.. Element(6, [6, 0, 0, 0, 0, 0, 0, 0]), .. Element(5, [.. BitConverter.GetBytes(rows), .. BitConverter.GetBytes(columns)]), .. Element(1, "m"u8.ToArray()), .. Element(type, new byte[length])];

        Assert.Contains("but holds", Assert.Throws<MatException>(() => MatFile.Read([.. header, .. Element(14, matrix)], "m.mat")).Message, StringComparison.Ordinal);
    }

    /// <summary>A byte of the file becomes eight in memory.</summary>
    [Fact]
    public void Narrow_numbers_may_not_grow_beyond_the_limit()
    {
        var file = MatFileWriter.Write((new MatMatrix("m", 1000, 300, new double[300_000]), MatType.Int8));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("more than 1048576 bytes", Assert.Throws<MatException>(() => MatFile.Read(file, "m.mat", limit: 1 << 20)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3 << 20);
    }

    [Fact]
    public void A_file_of_very_many_matrices_is_refused()
    {
        var one = (new MatMatrix("m", 0, 0, []), MatType.Int8);
        var many = MatFileWriter.Write([.. Enumerable.Repeat(one, 1001)]);

        Assert.Contains("more than 1000 matrices", Assert.Throws<MatException>(() => MatFile.Read(many, "m.mat")).Message, StringComparison.Ordinal);
    }

    /// <summary>Each is worth a reader and a buffer, though it may unpack to nothing that counts as a matrix.</summary>
    [Fact]
    public void A_file_of_very_many_packed_elements_is_refused_before_they_are_unpacked()
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(Element(1, "m"u8.ToArray()));
        }

        var header = new byte[128];
        (header[125], header[126], header[127]) = (1, (byte)'I', (byte)'M');
        byte[] element = [15, 0, 0, 0, .. BitConverter.GetBytes((int)packed.Length), .. packed.ToArray()];
        byte[] Of(int count) => [.. header, .. Enumerable.Repeat(element, count).SelectMany(bytes => bytes)];

        Assert.Empty(MatFile.Read(Of(1000), "m.mat"));
        Assert.Contains("more than 1000 matrices", Assert.Throws<MatException>(() => MatFile.Read(Of(1001), "m.mat")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_name_at_the_head_of_a_tracklet_of_MARS_is_named()
    {
        var upload = UploadFiles.Mars();
        var names = Encoding.UTF8.GetString(upload.Files["mars/info/train_name.txt"]).Split('\n');
        names[0] = "000";

        Assert.Contains("'000' is not an image name of MARS", upload.With("mars/info/train_name.txt", Encoding.UTF8.GetBytes(string.Join('\n', names))).Refusal(), StringComparison.Ordinal);
    }

    /// <summary>٣ is a digit to Unicode and to none of the layouts.</summary>
    [Fact]
    public void Digits_of_other_scripts_are_no_digits()
    {
        var market = UploadFiles.Market1501().With("Market-1501-v15.09.15/query/٣٣٣٣_c1s1_000451_03.jpg", UploadFiles.Bmp(32, 64, 1)).Ingest();
        Assert.Contains(market.Diagnosis.Findings, finding => finding.Code == "unused-files" && finding.Examples.Any(example => example.Contains("٣", StringComparison.Ordinal)));

        var veri = UploadFiles.Veri();
        const string Name = "0009_c٣٣٣_00000100_0.jpg";
        veri.With($"VeRi/image_train/{Name}", UploadFiles.Bmp(40, 30, 1)).With("VeRi/name_train.txt", [.. veri.Files["VeRi/name_train.txt"], .. Encoding.UTF8.GetBytes(Name)]);
        Assert.Contains("is not an image name of VeRi-776", veri.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_stranger_wrote_is_repeated_short_and_without_what_moves_a_cursor()
    {
        var refusal = Assert.Throws<DatasetException>(() => UploadFiles.Csv($"{Rows}a.png,x,1,\u001b[2J\u202e{new string('t', 1 << 20)}", "a.png").Ingest());

        Assert.InRange(refusal.Errors.Single().Examples.Single().Length, 20, 400);
        Assert.DoesNotContain(refusal.Message, letter => char.IsControl(letter) || letter == '\u202e');
    }

    /// <summary>Tracklets may share frames, so that a short list can declare very many.</summary>
    [Fact]
    public void Tracklets_may_not_declare_more_frames_than_any_set_has()
    {
        var draft = new ManifestDraft(new FileListing(Enumerable.Range(0, 8).Select(i => new FrameSource($"{i}.png", 0, i, 1, 1, FrameEncoding.Stored, 0)), _ => []));
        int[] frames = [.. Enumerable.Range(0, 1_000_000).Select(i => i % 8)];
        for (var i = 0; i < 20; i++)
        {
            draft.Add(Split.Gallery, "1", new Camera("1"), frames);
        }

        Assert.Contains("more than 20000000 frames", Assert.Throws<DatasetException>(() => draft.Add(Split.Gallery, "1", new Camera("1"), [7])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_may_not_declare_more_frames_than_any_set_has()
    {
        var manifest = UploadFiles.Csv(Rows + "a.png,x,1,train", "a.png").Ingest();
        var frames = Enumerable.Repeat(manifest.Frames[0], 1000).ToArray();
        using var json = new MemoryStream();
        ManifestJson.Write(json, manifest with { Frames = frames, Tracklets = [.. Enumerable.Repeat(new Tracklet(Split.Train, 0, 0, 0, 1000), 20_001)] });
        json.Position = 0;

        Assert.Contains("more than 20000000 frames", Assert.Throws<ManifestFormatException>(() => ManifestJson.Read(json)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[], string> Lists() => new()
    {
        { "very many lines", new byte[5_000_002].Select(_ => (byte)'\n').ToArray(), "more than 5000000 lines" },
        { "a very long line", [.. Enumerable.Repeat((byte)'a', 70_000)], "line 1 has more than 65536 bytes" },
        { "a very long line later", [.. "a\nb\r\n"u8, .. Enumerable.Repeat((byte)'a', 70_000), (byte)'\n'], "line 3 has more than 65536 bytes" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void Lists_may_not_grow_in_memory(string why, byte[] list, string fault)
    {
        var listing = new FileListing([new FrameSource("list.txt", 0, 0, list.Length, list.Length, FrameEncoding.Loose, 0)], _ => list);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains(fault, Assert.Throws<DatasetException>(() => listing.ReadLines("list.txt")).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.NotEmpty(why);
    }

    [Fact]
    public void Lines_end_as_on_any_system()
    {
        var listing = new FileListing([new FrameSource("l", 0, 0, 0, 0, FrameEncoding.Loose, 0)], _ => "\uFEFFa\r\nb\rc\n\n ü\r\n"u8.ToArray());

        Assert.Equal(["a", "b", "c", "", " ü"], listing.ReadLines("l"));
    }

    [Theory]
    [InlineData("manifest.csv", 129L << 20)]
    [InlineData("reid_list_train.csv", 129L << 20)]
    [InlineData("gt_test_plain.json", 17L << 20)]
    [InlineData("info/query_IDX.mat", 65L << 20)]
    public void Files_that_describe_others_are_not_read_when_they_are_too_long(string name, long length)
    {
        var upload = name.EndsWith(".mat", StringComparison.Ordinal) ? UploadFiles.Mars() : name == "manifest.csv" ? UploadFiles.Csv(Rows) : UploadFiles.Atrw();
        var path = upload.Files.Keys.Single(file => file.EndsWith(name, StringComparison.Ordinal));
        var files = upload.Files.Select(file => new DatasetBlob(file.Key, file.Key == path ? length : file.Value.Length, "x")).ToList();

        // Of a .mat the first bytes are looked at, which say how it is written; more than the short file behind it would be an end of the stream.
        var refusal = Assert.Throws<DatasetException>(() => DatasetIngest.Run(
            "test",
            files,
            blob => blob.Name == path && !name.EndsWith(".mat", StringComparison.Ordinal) ? throw new InvalidOperationException("it is read") : new MemoryStream(upload.Files[blob.Name]),
            null,
            null,
            TestContext.Current.CancellationToken));

        Assert.Contains($"has {length} bytes; at most", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_that_is_too_long_is_not_read()
    {
        var table = Encoding.ASCII.GetBytes(Rows + "a.png,x,1,train\nb.png,x,1,train");
        DatasetBlob[] blobs = [new("manifest.csv", table.Length, "x"), new("a.png", 200L << 20, "x"), new("b.png", 54 + (96 * 64), "x")];

        var refusal = Assert.Throws<DatasetException>(() => DatasetIngest.Run(
            "test", blobs, blob => blob.Name == "a.png" ? throw new InvalidOperationException("it is read") : new MemoryStream(blob.Name == "b.png" ? UploadFiles.Bmp(32, 64, 1) : table),
            null, null, TestContext.Current.CancellationToken));

        Assert.Contains("a.png has 209715200 bytes, the limit is 134217728", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Of what an upload unpacks to, so much is looked at; frames of photographs are a hundredth of this.</summary>
    [Fact]
    public void Frames_that_unpack_to_terabytes_are_looked_at_in_part()
    {
        var frames = Enumerable.Range(0, 15_000).Select(i => new FrameSource($"{i}", 0, i, 700_000, 128 << 20, FrameEncoding.Deflate, 0)).ToList();

        var chosen = FrameChecks.Choose(frames, [.. Enumerable.Range(0, frames.Count)]);

        Assert.InRange(chosen.Sum(frame => frame.Length), 16L << 30, 32L << 30);
        Assert.InRange(chosen.Max(frame => frame.Offset), 14_000, 15_000);
        Assert.Equal(chosen.Count, chosen.Distinct().Count());
    }

    /// <summary>A page blob of zeros costs its owner nothing; reading it costs us.</summary>
    [Fact]
    public void Loose_frames_of_more_bytes_than_are_read_are_refused()
    {
        var frames = Enumerable.Range(0, 33 * 8).Select(i => new FrameSource($"{i}.bmp", i, 0, 128 << 20, 128 << 20, FrameEncoding.Loose, 0)).ToList();

        var refusal = Assert.Throws<DatasetException>(() => FrameChecks.Choose(frames, [.. Enumerable.Range(0, frames.Count)]));

        Assert.Contains("264 loose frames have 35433480192 bytes", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Pack them into a .zip", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(256, FrameChecks.Choose(frames, [.. Enumerable.Range(0, 256)]).Count);
    }

    [Theory]
    [InlineData(2_000_001, 1, "2000001 files")]
    [InlineData(3, 1L << 39, "1649267441664 bytes")]
    public void An_upload_may_not_have_more_files_or_bytes_than_any_set(int count, long length, string fault) => Assert.Contains(
        fault,
        Assert.Throws<DatasetException>(() => DatasetIngest.Run(
            "test", [.. Enumerable.Repeat(new DatasetBlob("a.zip", length, "x"), count)], _ => throw new InvalidOperationException("it is read"), null, null, default)).Message,
        StringComparison.Ordinal);

    /// <summary>Behind each there is a buffer of some megabytes.</summary>
    [Fact]
    public void Archives_are_opened_one_at_a_time()
    {
        var images = Enumerable.Range(0, 30).ToDictionary(i => $"{i:D2}.zip", i => HandmadeZip.Write([new ZipPart($"{i:D2}.png", UploadFiles.Bmp(32, 64, i))]));
        images["t.zip"] = HandmadeZip.Write([new ZipPart("manifest.csv", Encoding.ASCII.GetBytes(Rows + string.Join('\n', Enumerable.Range(0, 30).Select(i => $"{i:D2}.png,{i},1,train"))))]);
        var (open, most) = (0, 0);

        DatasetIngest.Run(
            "test", [.. images.Select(image => new DatasetBlob(image.Key, image.Value.Length, "x"))],
            blob => new Watched(images[blob.Name], () => most = Math.Max(most, ++open), () => open--), null, null, TestContext.Current.CancellationToken);

        Assert.Equal((0, 1), (open, most));
    }

    /// <summary>Each query compared with each item of its identity would be 40 billion comparisons.</summary>
    [Fact]
    public void Matches_in_time_are_found_without_comparing_all_with_all()
    {
        var tracklets = Enumerable.Range(0, 400_000).Select(place => new Tracklet(place % 2 == 0 ? Split.Query : Split.Gallery, 0, 0, 0, 1) { Time = 5 + (place % 2) }).ToArray();

        Assert.Equal(200_000, Unmatched(tracklets));
    }

    [Fact]
    public void Matches_in_time_are_those_that_comparing_all_with_all_finds()
    {
        var random = new Random(7);
        for (var trial = 0; trial < 300; trial++)
        {
            var tracklets = Enumerable.Range(0, random.Next(2, 12))
                .Select(_ => random.Next(2) == 0 ? new Tracklet(Split.Query, random.Next(2), 0, 0, 1) : new Tracklet(Split.Gallery, random.Next(-1, 2), random.Next(2), 0, 1))
                .Select(tracklet => tracklet with { Camera = random.Next(2), Time = random.Next(8) }).ToArray();
            var gallery = tracklets.Where(tracklet => tracklet.Split == Split.Gallery && !tracklet.IsDistractor).ToList();

            var slow = tracklets.Where(tracklet => tracklet.Split == Split.Query).Count(query => gallery.Where(other => other.Identity == query.Identity)
                .All(other => other.Camera == query.Camera && Tracklet.AreNearDuplicates(other.Time!.Value, query.Time!.Value)));

            Assert.Equal(slow, Unmatched(tracklets));
        }
    }

    private static int Unmatched(Tracklet[] tracklets) =>
        ManifestDiagnoser.Diagnose(["1", "2"], [new Camera("1"), new Camera("2")], tracklets, null, new FindingList())
            .Findings.FirstOrDefault(finding => finding.Code == "queries-without-match")?.Count ?? 0;

    [Fact]
    public void A_picture_of_very_many_scans_is_refused()
    {
        var good = HostileImages.Golden("jpeg.progressive.420");
        Assert.NotNull(ImageHeader.Read(good, out _));

        Assert.Null(ImageHeader.Read(HostileImages.WithScans(good, 1000), out var fault));

        Assert.Contains("more than 64 scans", fault!.Problem, StringComparison.Ordinal);
    }

    private static ArchiveIndex Read(byte[] zip) => ArchiveIndex.Read(new MemoryStream(zip), "set.zip");

    private static byte[] Element(int type, byte[] bytes)
    {
        var element = new byte[8 + ((bytes.Length + 7) & ~7)];
        BinaryPrimitives.WriteInt32LittleEndian(element, type);
        BinaryPrimitives.WriteInt32LittleEndian(element.AsSpan(4), bytes.Length);
        bytes.CopyTo(element, 8);
        return element;
    }

    private sealed class Watched : MemoryStream
    {
        private readonly Action _closed;
        private bool _isClosed;

        public Watched(byte[] bytes, Action opened, Action closed)
            : base(bytes, writable: false)
        {
            _closed = closed;
            opened();
        }

        protected override void Dispose(bool disposing)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                _closed();
            }

            base.Dispose(disposing);
        }
    }
}
