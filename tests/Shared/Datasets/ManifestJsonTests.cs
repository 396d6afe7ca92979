using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class ManifestJsonTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        var manifest = UploadFiles.Mars().With("mars/bbox_test/0004/ü\"\n.jpg".Replace("\n", ""), [1]).Pack("train.zip", "mars/bbox_train").Ingest();

        var read = ManifestJson.Read(new SlowStream(Bytes(manifest)));

        Assert.Equal((manifest.Name, manifest.Layout, manifest.Hash), (read.Name, read.Layout, read.Hash));
        Assert.Equal(manifest.Identities, read.Identities);
        Assert.Equal(manifest.Cameras, read.Cameras);
        Assert.Equal(manifest.Blobs, read.Blobs);
        Assert.Equal(manifest.Frames, read.Frames);
        Assert.Equal(manifest.Tracklets, read.Tracklets);
        Assert.Equal((manifest.Diagnosis.Train, manifest.Diagnosis.Query, manifest.Diagnosis.Gallery), (read.Diagnosis.Train, read.Diagnosis.Query, read.Diagnosis.Gallery));
        Assert.Equal(JsonSerializer.Serialize(manifest.Diagnosis.Findings), JsonSerializer.Serialize(read.Diagnosis.Findings));
        Assert.Equal(Bytes(manifest), Bytes(read));
    }

    [Fact]
    public void Times_and_query_images_are_kept()
    {
        foreach (var manifest in new[] { UploadFiles.Atrw().Ingest(), UploadFiles.Veri().Ingest() })
        {
            var read = ManifestJson.Read(new MemoryStream(Bytes(manifest)));

            Assert.Equal(manifest.Tracklets, read.Tracklets);
            Assert.Equal(manifest.Diagnosis.QueryImage, read.Diagnosis.QueryImage);
            Assert.Equal(Bytes(manifest), Bytes(read));
        }
    }

    /// <summary>As the versions before this one wrote them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Manifests_of_earlier_versions_are_read(int version)
    {
        var json = Parsed();
        json["version"] = version;
        Assert.True(json.AsObject().Remove("draws"));
        if (version == 3)
        {
            Assert.Equal(8, ManifestJson.Read(new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString()))).Tracklets.Count);
            return;
        }

        Assert.True(json.AsObject().Remove("variant"));
        Assert.True(json["blobs"]!.AsObject().Remove("dataset"));
        Assert.True(json["diagnosis"]!.AsObject().Remove("multiQuery"));
        Assert.True(json["diagnosis"]!.AsObject().Remove("matches"));
        Assert.True(version > 1 || (json["tracklets"]!.AsObject().Remove("time") && json["diagnosis"]!.AsObject().Remove("queryImage")));

        var read = ManifestJson.Read(new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString())));

        Assert.Equal(8, read.Tracklets.Count);
        Assert.All(read.Tracklets, tracklet => Assert.Null(tracklet.Time));
        Assert.Null(read.Diagnosis.QueryImage);
        Assert.False(read.HasTimes);
        Assert.Null(read.Variant);
        Assert.Null(read.Diagnosis.Matches);
        Assert.All(read.Blobs, blob => Assert.Null(blob.Dataset));
    }

    [Fact]
    public void The_variant_and_whose_files_they_are_is_kept()
    {
        var manifest = UploadFiles.Mars().Ingest();
        var derived = manifest with
        {
            Variant = "split-3",
            Blobs = [manifest.Blobs[0], .. manifest.Blobs.Skip(1).Select(blob => blob.In("mars"))],
            Diagnosis = manifest.Diagnosis with { MultiQuery = new SplitCounts(1, 2, 3, 4, 5) },
        };

        var read = ManifestJson.Read(new MemoryStream(Bytes(derived)));

        Assert.Equal("split-3", read.Variant);
        Assert.Equal(derived.Blobs, read.Blobs);
        Assert.Equal(derived.Diagnosis.MultiQuery, read.Diagnosis.MultiQuery);
        Assert.Equal(manifest.Diagnosis.Matches, read.Diagnosis.Matches);
        Assert.Equal(Bytes(derived), Bytes(read));
    }

    [Fact]
    public void Drawn_galleries_are_kept_and_named_by_the_hash()
    {
        var manifest = UploadFiles.SysuMm01().Ingest();

        var read = ManifestJson.Read(new MemoryStream(Bytes(manifest)));

        Assert.Equal(10, manifest.GalleryDraws.Count);
        Assert.Equal(manifest.GalleryDraws, read.GalleryDraws);
        Assert.Equal(Bytes(manifest), Bytes(read));
        Assert.NotEqual(manifest.Hash, UploadFiles.SysuMm01().Without("sysu/exp/rand_perm_cam.mat").Ingest().Hash);
    }

    [Fact]
    public void A_million_frames_take_little_memory()
    {
        var frames = Enumerable.Range(0, 1_000_000)
            .Select(i => new FrameSource($"mars/bbox_train/{i / 800:D4}/{i:D4}C1T0001F{i % 900:D3}.jpg", 0, i * 4000L, 3900, 4000, FrameEncoding.Deflate, (uint)i * 2654435761)).ToArray();
        var tracklets = Enumerable.Range(0, 20_000).Select(i => new Tracklet(Split.Train, i / 16, i % 6, i * 50, 50)).ToArray();
        var manifest = UploadFiles.Mars().Ingest() with
        {
            Identities = [.. Enumerable.Range(0, 1250).Select(i => $"{i:D4}")],
            Cameras = [.. Enumerable.Range(1, 6).Select(i => new Camera($"{i}"))],
            Blobs = [new DatasetBlob("MARS.zip", 5_000_000_000, "x")],
            Frames = frames,
            Tracklets = tracklets,
        };
        using var json = new MemoryStream();

        ManifestJson.Write(json, manifest);
        json.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = ManifestJson.Read(json);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 500L << 20);
        Assert.InRange(json.Length, 1, 120 << 20);
        Assert.True(frames.AsSpan().SequenceEqual((FrameSource[])read.Frames));
        Assert.True(tracklets.AsSpan().SequenceEqual((Tracklet[])read.Tracklets));
    }

    [Theory]
    [InlineData("version", "5", "$.version: must be a whole number from 1 to 4")]
    [InlineData("draws.count", "[1]", "$.draws: has 0 frames of 1 draws, which have 1")]
    [InlineData("draws.count", "[17]", "$.draws.count: must be a whole number from 0 to 16")]
    [InlineData("draws.frame", "[3]", "$.draws: has 1 frames of 0 draws, which have 0")]
    [InlineData("draws.frame", "[16]", "$.draws.frame: must be a whole number from 0 to 15")]
    [InlineData("blobs.dataset", """["", ""]""", "$.blobs.dataset: has 2 entries, its neighbours 1")]
    [InlineData("blobs.dataset", """["../runs"]""", "$.blobs.dataset[0]: is not the name of a data set")]
    [InlineData("diagnosis.matches", "[1,2]", "$.diagnosis.matches: has 2 entries instead of 5 or none")]
    [InlineData("tracklets.time", "[1]", "$.tracklets.time: has 1 entries, its neighbours 8")]
    [InlineData("tracklets.time", "[1,-2]", "$.tracklets.time: must be a whole number from -1 to 2147483647")]
    [InlineData("diagnosis.queryImage", "[1]", "$.diagnosis.queryImage: has 1 entries instead of 5 or none")]
    [InlineData("layout", "null", "$.layout: must be String, is Null")]
    [InlineData("frames.blob[3]", "9", "$.frames.blob: must be a whole number from 0 to 0")]
    [InlineData("frames.blob[3]", "-1", "$.frames.blob: must be a whole number")]
    [InlineData("frames.offset[3]", "99999999", "$.frames[3]: lies outside blob 'MARS.zip'")]
    [InlineData("frames.offset[3]", "9223372036854775807", "$.frames[3]: lies outside blob 'MARS.zip'")]
    [InlineData("frames.offset[3]", "0.5", "$.frames.offset: must be a whole number")]
    [InlineData("frames.compressed[3]", "99999999", "$.frames[3]: lies outside")]
    [InlineData("frames.encoding[3]", "4", "$.frames.encoding: must be")]
    [InlineData("frames.encoding[3]", "3", "$.frames[3]: has not the 124416 bytes of the pixels in an array")]
    [InlineData("frames.crc", "[1]", "$.frames.crc: has 1 entries, its neighbours 16")]
    [InlineData("frames.name[3]", "7", "$.frames.name: must be String, is Number")]
    [InlineData("tracklets.identity[0]", "4", "$.tracklets.identity: must be a whole number from -1 to 3")]
    [InlineData("tracklets.camera[0]", "-1", "$.tracklets.camera: must be")]
    [InlineData("tracklets.split[0]", "5", "$.tracklets.split: must be")]
    [InlineData("tracklets.count[0]", "0", "$.tracklets.count: must be a whole number from 1 to 16")]
    [InlineData("tracklets.count[7]", "16", "$.tracklets[7]: goes beyond the 16 frames")]
    [InlineData("tracklets.count", "[2,2,2,2,2,2,2,2,2]", "$.tracklets.count: has 9 entries, its neighbours 8")]
    [InlineData("cameras.modality[0]", "2", "$.cameras.modality: must be")]
    [InlineData("blobs.length[0]", "-5", "$.blobs.length: must be")]
    [InlineData("diagnosis.train", "[1]", "$.diagnosis.train: has 1 entries, its neighbours 5")]
    [InlineData("diagnosis.severity[0]", "7", "$.diagnosis.severity: must be")]
    public void Refuses_what_does_not_hold_together(string path, string value, string message)
    {
        var json = Parsed();
        Set(json, path, JsonNode.Parse(value));

        var exception = Assert.Throws<ManifestFormatException>(() => ManifestJson.Read(new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString()))));

        Assert.StartsWith($"manifest {message}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_members_that_are_unknown_missing_or_in_another_order()
    {
        var text = Parsed().ToJsonString();

        Assert.Equal("$.hash", Refusal(text.Replace("\"hash\"", "\"hsah\"")));
        Assert.Equal("$.name", Refusal(text.Replace("\"name\":\"test\",", "")));
        Assert.Equal("$.frames.offset", Refusal(text.Replace("\"offset\":", "\"extra\":[],\"offset\":")));
        Assert.Equal("$", Refusal(text + "{}"));
        Assert.Equal("$", Refusal("[]"));
        Assert.Equal("$", Refusal(""));
        Assert.Equal("$.layout", Refusal(text.Replace("\"layout\":\"mars\"", "\"layout\":\"\\ud800\"")));
        Assert.NotEqual("", Refusal(text[..^1]));
        Assert.Equal("$.identities", Refusal(text.Replace("\"0001\"", "\"" + new string('x', 3 << 20) + "\"")));

        static string Refusal(string json) => Assert.Throws<ManifestFormatException>(() => ManifestJson.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)))).Path;
    }

    [Fact]
    public void Strangers_bytes_are_read_or_refused()
    {
        var good = Encoding.UTF8.GetBytes(Parsed().ToJsonString());
        var refused = 0;
        for (var seed = 0; seed < 5000; seed++)
        {
            try
            {
                var manifest = ManifestJson.Read(new MemoryStream(Mutation.Of(good, seed)));
                Assert.All(manifest.Tracklets, tracklet => Assert.InRange(tracklet.FirstFrame + tracklet.FrameCount, 1, manifest.Frames.Count));
            }
            catch (ManifestFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 2500, 4999);
    }

    private static JsonNode Parsed()
    {
        var upload = UploadFiles.Mars();
        upload.SetTable("test", [(1, 2, -1, 1), (3, 4, -1, 2), (5, 6, 2, 1), (7, 8, 2, 2), (9, 10, 4, 2), (11, 12, 4, 1)]);
        return JsonNode.Parse(Bytes(upload.Pack("MARS.zip").Ingest()))!;
    }

    private static byte[] Bytes(DatasetManifest manifest)
    {
        using var stream = new MemoryStream();
        ManifestJson.Write(stream, manifest);
        return stream.ToArray();
    }

    private static void Set(JsonNode json, string path, JsonNode? value)
    {
        var parts = path.Split('.', '[');
        var node = json;
        foreach (var part in parts[..^1])
        {
            node = node[part]!;
        }

        if (parts[^1].EndsWith(']'))
        {
            node[int.Parse(parts[^1].TrimEnd(']'))] = value;
        }
        else
        {
            node[parts[^1]] = value;
        }
    }

    /// <summary>Gives a few bytes at a time, as networks do.</summary>
    private sealed class SlowStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 13)]);
    }
}
