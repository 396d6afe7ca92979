using System.IO.Compression;
using System.Net;
using System.Text.Json;
using ReidCloud.Datasets;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

/// <summary>The sample of a data set and its frames.</summary>
public sealed class SamplesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiServer.StartAsync(azurite);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Shows_identities_of_each_split_as_different_cameras_saw_them()
    {
        await _api.AddDatasetAsync("mine", "p", "q");

        var tracklets = (await _api.GetAsync("/api/datasets/mine/samples")).GetProperty("tracklets").EnumerateArray().ToList();

        Assert.Equal(
            ["train p a", "train p b", "train q a", "train q b", "query wanted a", "gallery wanted b"],
            tracklets.Select(one => $"{one.GetProperty("split")} {one.GetProperty("identity")} {one.GetProperty("camera")}"));
        Assert.All(tracklets, one => Assert.Equal(1, one.GetProperty("frameCount").GetInt32()));
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public async Task A_frame_is_the_bytes_that_were_uploaded(CompressionLevel level)
    {
        var upload = UploadFiles.Market1501();
        var expected = upload.Files.ToDictionary();
        upload.Pack("set.zip", level: level);
        await _api.UploadAsync("mine", upload.Content("set.zip"));
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine");

        var frames = await FramesAsync("mine");
        Assert.NotEmpty(frames);
        foreach (var (name, address) in frames)
        {
            using var answer = await _api.Client.GetAsync(address);
            Assert.Equal(expected[name], await answer.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task A_loose_frame_with_the_name_of_another_format_is_said_to_be_what_it_is()
    {
        var upload = UploadFiles.Csv("path,identity,camera,split\na.jpg,p,a,train\nb.html.png,p,b,train\nc.bmp,q,a,train\nd.bmp,q,b,train\n", "a.jpg", "b.html.png", "c.bmp", "d.bmp");
        foreach (var (name, bytes) in upload.Files)
        {
            await _api.UploadAsync("mine", bytes, name);
        }

        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine");
        foreach (var (_, address) in await FramesAsync("mine"))
        {
            using var answer = await _api.Client.GetAsync(address);

            Assert.Equal((HttpStatusCode.OK, "image/bmp"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "If-None-Match", answer.Headers.ETag!.ToString() } } };
            using var again = await _api.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
    }

    [Theory]
    [InlineData("mine/frames/99")]
    [InlineData("mine/frames/-1")]
    [InlineData("mine/frames/+1")]
    [InlineData("mine/frames/1.0")]
    [InlineData("mine/frames/99999999999999999999")]
    [InlineData("mine/frames/..%2Fuploads%2Fset.zip")]
    [InlineData("mine/frames/set.zip")]
    [InlineData("nowhere/frames/0")]
    [InlineData("..%2Fmine/frames/0")]
    [InlineData("UP/frames/0")]
    [InlineData("nowhere/samples")]
    [InlineData("..%2F..%2Fruns/samples")]
    public async Task What_is_not_in_a_sample_is_not_there(string path)
    {
        await _api.AddDatasetAsync("mine", "p", "q");

        Assert.Contains("GET /api/datasets", (await _api.GetAsync($"/api/datasets/{path}", 404)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_data_set_that_is_not_ready_has_no_sample()
    {
        await _api.UploadAsync("broken", "no archive"u8.ToArray());
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/broken", 422);

        await _api.GetAsync("/api/datasets/broken/samples", 404);
    }

    [Fact]
    public async Task A_file_that_was_replaced_gives_no_other_picture()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var frames = await FramesAsync("mine");
        var blob = _api.Storage.Datasets.GetBlobClient(RunPaths.Upload("mine", ApiDatasets.Archive));
        await blob.DeleteAsync(conditions: null).ContinueWith(_ => { }, TaskScheduler.Default);
        await new Azure.Storage.Blobs.Specialized.BlobLeaseClient(blob).BreakAsync(TimeSpan.Zero);
        await blob.UploadAsync(BinaryData.FromBytes(ApiDatasets.Zip("r", "s")), overwrite: true);

        var problem = await _api.GetAsync(frames[0].Address, 500);

        Assert.Contains("damaged", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public void The_sample_of_a_large_data_set_is_small_and_spread_over_it()
    {
        var manifest = TinyDataset.Manifest(TinyDataset.Zip(identities: 24, cameras: 4, frames: 5));

        var sample = DatasetSample.Of(manifest);

        Assert.All(sample.GroupBy(one => one.Tracklet.Split), split => Assert.InRange(split.Where(one => !one.Tracklet.IsDistractor).Select(one => one.Tracklet.Identity).Distinct().Count(), 4, 4));
        Assert.All(sample.GroupBy(one => (one.Tracklet.Split, one.Tracklet.Identity)), identity => Assert.Equal(identity.Count(), identity.Select(one => one.Tracklet.Camera).Distinct().Count()));
        Assert.All(sample, one => Assert.Equal(2, one.Frames.Count));
        Assert.All(sample, one => Assert.All(one.Frames, frame => Assert.InRange(frame, one.Tracklet.FirstFrame, one.Tracklet.FirstFrame + one.Tracklet.FrameCount - 1)));
        Assert.Contains(sample, one => one.Tracklet.IsDistractor);
        Assert.InRange(sample.Sum(one => one.Frames.Count), 1, 100);
    }

    private async Task<IReadOnlyList<(string Name, string Address)>> FramesAsync(string dataset) =>
        [.. from tracklet in (await _api.GetAsync($"/api/datasets/{dataset}/samples")).GetProperty("tracklets").EnumerateArray()
            from frame in tracklet.GetProperty("frames").EnumerateArray()
            select (frame.GetProperty("name").GetString()!, frame.GetProperty("address").GetString()!)];
}
