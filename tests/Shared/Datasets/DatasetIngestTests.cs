using System.Collections.Concurrent;
using System.IO.Compression;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class DatasetIngestTests
{
    private const string Frame = "mars/bbox_test/0004/0004C1T0006F002.jpg";

    [Fact]
    public void The_hash_is_of_the_content_and_not_of_the_packing()
    {
        var hash = UploadFiles.Mars().Pack("MARS.zip").Ingest().Hash;

        Assert.Matches("^[0-9a-f]{64}$", hash);
        Assert.Equal(hash, UploadFiles.Mars().Ingest().Hash);
        Assert.Equal(hash, UploadFiles.Mars().Pack("other name.ZIP", "", CompressionLevel.NoCompression).Ingest().Hash);
        Assert.Equal(hash, UploadFiles.Mars().Pack("a.zip", "mars/bbox_test").Pack("b.zip", "mars/b").Ingest().Hash);
        Assert.NotEqual(hash, UploadFiles.Mars().With(Frame, UploadFiles.Bmp(32, 64, 9999)).Pack("MARS.zip").Ingest().Hash);
        var renumbered = UploadFiles.Mars();
        renumbered.SetTable("train", [(1, 2, 1, 1), (3, 4, 1, 2), (5, 6, 7, 1), (7, 8, 7, 2)]);
        Assert.NotEqual(hash, renumbered.Ingest().Hash);
    }

    [Fact]
    public void Every_frame_can_be_read_where_the_manifest_says()
    {
        var files = UploadFiles.Mars().Files.ToDictionary();
        var upload = UploadFiles.Mars().Pack("train.zip", "mars/bbox_train");
        var manifest = upload.Ingest();
        var opened = new ConcurrentDictionary<string, byte[]>();
        foreach (var frame in manifest.Frames)
        {
            var path = Path.GetTempFileName();
            File.WriteAllBytes(path, opened.GetOrAdd(manifest.Blobs[frame.Blob].Name, upload.Content));
            using (var handle = File.OpenHandle(path))
            {
                Assert.Equal(files[frame.Name], FrameBytes.Read(handle, frame));
            }

            File.Delete(path);
        }

        Assert.Equal(18, manifest.Frames.Count);
    }

    public static TheoryData<string, byte[], string> BadImages()
    {
        var good = UploadFiles.Bmp(32, 64, 1);
        return new TheoryData<string, byte[], string>
        {
            { "empty", [], "is empty" },
            { "truncated", good[..^10], "is truncated" },
            { "not an image", "<html>404 Not Found</html>"u8.ToArray(), "is not an image" },
            { "30,000 pixels wide", UploadFiles.Bmp(30_000, 2, 1), "30000 x 2 pixels" },
        };
    }

    [Theory]
    [MemberData(nameof(BadImages))]
    public void Refuses_an_image_that_cannot_be_used_by_its_name(string why, byte[] image, string message)
    {
        Assert.NotEmpty(why);
        foreach (var upload in new[] { UploadFiles.Mars().With(Frame, image), UploadFiles.Mars().With(Frame, image).Pack("MARS.zip") })
        {
            var exception = Assert.Throws<DatasetException>(() => upload.Ingest());

            var error = Assert.Single(exception.Errors);
            Assert.Equal(("bad-image", 1), (error.Code, error.Count));
            Assert.StartsWith(Frame, error.Examples[0], StringComparison.Ordinal);
            Assert.Contains(message, error.Examples[0], StringComparison.Ordinal);
            Assert.Contains(Frame, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Refuses_a_frame_that_is_damaged_in_its_archive()
    {
        var image = UploadFiles.Bmp(32, 64, 1);
        var zip = HandmadeZip.Write([new ZipPart("manifest.csv", "path,identity,camera,split\na.png,x,1,train"u8.ToArray()), new ZipPart("a.png", image) { Crc = 5 }]);

        Assert.Contains("bad-image: frames cannot be used\na.png is damaged: its checksum", new UploadFiles().Blob("a.zip", zip).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_at_most_twenty_bad_images_and_counts_all()
    {
        var upload = UploadFiles.Csv("path,identity,camera,split\n" + string.Join('\n', Enumerable.Range(0, 50).Select(i => $"{i:D2}.png,x,1,train")));
        for (var i = 0; i < 50; i++)
        {
            upload.With($"{i:D2}.png", [1, 2, 3]);
        }

        var error = Assert.Single(Assert.Throws<DatasetException>(() => upload.Ingest()).Errors);

        Assert.Equal((50, 20), (error.Count, error.Examples.Count));
        Assert.StartsWith("00.png ", error.Examples[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_frames_behind_headers_of_any_length()
    {
        var parts = new List<ZipPart>();
        var table = "path,identity,camera,split\n";
        for (var i = 0; i < 40; i++)
        {
            table += $"{i}.png,{i / 4},{i % 4},train\n";
            parts.Add(new ZipPart($"{i}.png", UploadFiles.Bmp(32, 64, i)) { LocalExtra = (i + 3) % 7 * 5000, Method = (ushort)(i % 2 * 8) });
        }

        parts.Add(new ZipPart("manifest.csv", System.Text.Encoding.UTF8.GetBytes(table)));
        parts.Reverse();

        Assert.Equal(40, new UploadFiles().Blob("a.zip", HandmadeZip.Write(parts)).Ingest().Frames.Count);
    }

    [Fact]
    public void Looks_at_an_even_sample_of_a_large_set_and_says_so()
    {
        var images = Enumerable.Range(0, 10).Select(i => UploadFiles.Bmp(24, 24, i)).ToList();
        var parts = Enumerable.Range(0, 30_000).Select(i => new ZipPart($"{i:D5}.png", images[i % 10])).ToList();
        parts[1] = parts[1] with { Content = [1] };
        var table = "path,identity,camera,split,tracklet\n" + string.Join('\n', parts.Select((part, i) => $"{part.Name},{i / 1000},{i / 100 % 4},train,{i / 100}"));
        parts.Add(new ZipPart("manifest.csv", System.Text.Encoding.UTF8.GetBytes(table)));
        var reports = new Reports();

        var refused = Assert.Throws<DatasetException>(() => new UploadFiles().Blob("a.zip", HandmadeZip.Write(parts)).Ingest(progress: reports));
        Assert.Equal("bad-image", Assert.Single(refused.Errors).Code);

        parts[1] = parts[1] with { Content = images[1] };
        var manifest = new UploadFiles().Blob("a.zip", HandmadeZip.Write(parts)).Ingest();
        var sampled = manifest.Diagnosis.Findings.Single(finding => finding.Code == "frames-sampled");
        Assert.Equal((FindingSeverity.Note, 10_000), (sampled.Severity, sampled.Count));
        Assert.Contains("20000 of 30000", sampled.Message, StringComparison.Ordinal);
        Assert.Contains(new IngestProgress("checking", 20_000, 20_000), reports);
    }

    [Fact]
    public void Refuses_archives_and_names_it_cannot_trust()
    {
        var escaping = HandmadeZip.Write([new ZipPart("../a.png", [1])]);

        Assert.Contains("bad-archive", new UploadFiles().Blob("a.zip", []).Refusal(), StringComparison.Ordinal);
        Assert.Contains("a.zip is empty (0 bytes)", new UploadFiles().Blob("a.zip", []).Refusal(), StringComparison.Ordinal);
        Assert.Contains("a.zip: entry '../a.png' leaves", UploadFiles.Mars().Blob("a.zip", escaping).Refusal(), StringComparison.Ordinal);
        Assert.Contains("bad-name", UploadFiles.Mars().Blob("../a.png", []).Refusal(), StringComparison.Ordinal);
        Assert.Contains("name-clash", UploadFiles.Mars().Pack("a.zip").With(Frame, [1]).Refusal(), StringComparison.Ordinal);
        Assert.Contains("no-files", new UploadFiles().Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MARS.tar.gz")]
    [InlineData("train/atrw_reid_train.TGZ")]
    [InlineData("VeRi.rar")]
    public void Refuses_other_archives_with_what_to_do(string name)
    {
        var refusal = UploadFiles.Mars().Blob(name, [1, 2, 3]).Refusal();

        Assert.Contains("not-a-zip: archives other than .zip are not read: `reid dataset push` packs", refusal, StringComparison.Ordinal);
        Assert.Contains($"\n{name}", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_the_same_picture_in_two_splits()
    {
        var train = "mars/bbox_train/0001/0001C1T0001F001.jpg";
        var upload = UploadFiles.Mars();
        upload.With(Frame, upload.Files[train]).With("mars/bbox_test/0002/0002C1T0003F001.jpg", upload.Files["mars/bbox_test/0002/0002C2T0004F001.jpg"]);

        var findings = upload.Pack("MARS.zip").Ingest().Diagnosis.Findings;

        var leak = findings.Single(finding => finding.Code == "duplicates-across-train-and-test");
        Assert.Equal((FindingSeverity.Warning, 1), (leak.Severity, leak.Count));
        Assert.Equal($"{train} (train) = {Frame} (gallery)", leak.Examples[0]);
        Assert.Equal(1, findings.Single(finding => finding.Code == "duplicates-across-query-and-gallery").Count);
    }

    /// <summary>Four bytes behind a picture make its checksum whatever one likes.</summary>
    [Fact]
    public void Pictures_that_only_share_a_checksum_are_not_the_same()
    {
        var one = Forge(UploadFiles.Bmp(32, 64, 1), 0x12345678);
        var two = Forge(UploadFiles.Bmp(32, 64, 2), 0x12345678);
        Assert.Equal(HandmadeZip.Crc(one), HandmadeZip.Crc(two));

        var manifest = UploadFiles.Csv("path,identity,camera,split\na.png,x,1,train\nb.png,y,1,gallery").With("a.png", one).With("b.png", two).Pack("a.zip").Ingest();

        Assert.DoesNotContain(manifest.Diagnosis.Findings, finding => finding.Code.StartsWith("duplicates", StringComparison.Ordinal));
    }

    [Fact]
    public void A_store_that_fails_is_not_the_uploads_fault()
    {
        var table = "path,identity,camera,split\na.png,x,1,train"u8.ToArray();
        DatasetBlob[] blobs = [new("manifest.csv", table.Length, "1"), new("a.png", 100, "2")];

        Assert.Throws<TimeoutException>(() => DatasetIngest.Run(
            "test", blobs, blob => blob.Name == "a.png" ? throw new TimeoutException() : new MemoryStream(table), null, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Says_when_images_are_tiny()
    {
        var manifest = UploadFiles.Mars().With(Frame, UploadFiles.Bmp(12, 30, 1)).Ingest();

        Assert.Equal([$"{Frame} (12×30)"], manifest.Diagnosis.Findings.Single(finding => finding.Code == "tiny-images").Examples);
    }

    [Fact]
    public void Strangers_archives_are_ingested_or_refused()
    {
        var good = UploadFiles.Mars().Pack("MARS.zip", "", CompressionLevel.NoCompression).Content("MARS.zip");
        var refused = 0;
        for (var seed = 0; seed < 600; seed++)
        {
            try
            {
                new UploadFiles().Blob("MARS.zip", Mutation.Of(good, seed)).Ingest();
            }
            catch (DatasetException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 300, 600);
    }

    /// <summary>The checksum is linear: each of 32 appended bits changes it in its own way, and some choice of them gives what is wanted.</summary>
    private static byte[] Forge(byte[] image, uint wanted)
    {
        byte[] forged = [.. image, 0, 0, 0, 0];
        var difference = HandmadeZip.Crc(forged) ^ wanted;
        var effects = new (uint Effect, uint Bits)[32];
        for (var bit = 0; bit < 32; bit++)
        {
            byte[] with = [.. image, .. BitConverter.GetBytes(1u << bit)];
            var (effect, bits) = (HandmadeZip.Crc(with) ^ HandmadeZip.Crc(forged), 1u << bit);
            for (var top = 31; top >= 0 && effect != 0; top--)
            {
                if ((effect >> top & 1) == 1)
                {
                    if (effects[top].Effect == 0)
                    {
                        effects[top] = (effect, bits);
                        break;
                    }

                    (effect, bits) = (effect ^ effects[top].Effect, bits ^ effects[top].Bits);
                }
            }
        }

        var chosen = 0u;
        for (var top = 31; top >= 0; top--)
        {
            if ((difference >> top & 1) == 1)
            {
                (difference, chosen) = (difference ^ effects[top].Effect, chosen ^ effects[top].Bits);
            }
        }

        return [.. image, .. BitConverter.GetBytes(chosen)];
    }

    private sealed class Reports : ConcurrentBag<IngestProgress>, IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => Add(value);
    }
}
