using System.Text;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class CommitDatasetTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiServer.StartAsync(azurite);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Recognises_the_layout_and_says_what_the_set_holds()
    {
        await _api.UploadAsync("mine", ApiDatasets.Zip("p", "q"));
        var view = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine");

        Assert.Equal("ready", view.GetProperty("state").GetString());
        Assert.Equal("csv", view.GetProperty("layout").GetString());
        Assert.Equal(2, view.GetProperty("diagnosis").GetProperty("train").GetProperty("identities").GetInt32());
        Assert.Equal(view.GetProperty("hash").GetString(), (await _api.GetAsync("/api/datasets/mine")).GetProperty("hash").GetString());
        Assert.Equal(view.GetProperty("hash").GetString(), (await _api.Service<DatasetStore>().GetManifestAsync("mine", default))!.Hash);
    }

    [Fact]
    public async Task Committing_again_is_harmless()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var first = await _api.GetAsync("/api/datasets/mine");

        Assert.Equal(first.GetRawText(), (await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 200, """{"layout":"csv"}""")).GetRawText());
    }

    [Fact]
    public async Task A_commit_with_another_layout_is_a_conflict()
    {
        await _api.AddDatasetAsync("mine", "p", "q");

        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 409, """{"layout":"mars"}""");
    }

    [Fact]
    public async Task Only_the_files_that_are_named_count()
    {
        await _api.UploadAsync("mine", ApiDatasets.Zip("p", "q"));
        await _api.UploadAsync("mine", ApiDatasets.Zip("p", "q"), "old.zip");

        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 400, """{"files":["set.zip","new.zip"]}""");
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 422);
        var ready = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 200, """{"files":["set.zip"]}""");
        var again = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine");
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 409, """{"files":["old.zip"]}""");

        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal("$.files[1]", error.GetProperty("path").GetString());
        Assert.Contains("'new.zip' is not uploaded for 'mine'", error.GetProperty("message").GetString());
        Assert.Equal(ready.GetProperty("hash").GetString(), again.GetProperty("hash").GetString());
        Assert.Equal("set.zip", Assert.Single((await _api.Service<DatasetStore>().GetManifestAsync("mine", default))!.Blobs).Name);
    }

    [Fact]
    public async Task The_files_of_one_data_set_are_those_of_another_without_uploading_them_again()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var derived = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/second", 200, """{"from":"mine"}""");
        var third = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/third", 200, """{"from":"second","layout":"csv"}""");
        var again = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/second");
        var (first, of) = (await Manifest("mine"), await Manifest("third"));
        var frame = (await _api.GetAsync("/api/datasets/third/samples")).GetProperty("tracklets")[0].GetProperty("frames")[0].GetProperty("address").GetString();
        using var picture = await _api.SendAsync(HttpMethod.Get, frame!);

        Assert.Equal(("mine", "second"), (derived.GetProperty("from").GetString(), third.GetProperty("from").GetString()));
        Assert.Equal(derived.GetProperty("updatedAt").GetDateTime(), again.GetProperty("updatedAt").GetDateTime(), TimeSpan.FromMilliseconds(1));
        Assert.Equal((first.Hash, first.Layout), (of.Hash, of.Layout));
        Assert.Equal(first.Blobs.Select(blob => blob.In("mine")), of.Blobs);
        Assert.Equal("image/bmp", picture.Content.Headers.ContentType!.MediaType);
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/second", 409, """{"from":"third","layout":"mars"}""");

        async Task<ReidCloud.Datasets.DatasetManifest> Manifest(string name) => (await _api.Service<DatasetStore>().GetManifestAsync(name, default))!;
    }

    [Fact]
    public async Task Data_sets_are_put_together_and_what_is_made_of_them_can_be_trained_on()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        await _api.AddDatasetAsync("other", "p", "r", "s");
        const string Asked = """{"combine":{"datasets":["other","mine"],"test":"mine"}}""";

        var view = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/both", 200, Asked);
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/both", 200, Asked);
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/both", 409, """{"combine":{"datasets":["other","mine"]}}""");
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/training", 200, """{"combine":{"datasets":["mine","other"]}}""");
        var manifest = (await _api.Service<DatasetStore>().GetManifestAsync("both", default))!;
        const string Train = """{"kind":"train","dataset":"training","model":{"backbone":"resnet18"},"method":{"kind":"supervised"}}""";
        await _api.JsonAsync(HttpMethod.Post, "/api/runs", 202, Train);
        var every = await _api.JsonAsync(HttpMethod.Post, "/api/runs", 400, Train.Replace("""}}""", """},"evaluation":{"everyEpochs":5}}"""));
        var frame = (await _api.GetAsync("/api/datasets/both/samples")).GetProperty("tracklets")[0].GetProperty("frames")[0].GetProperty("address").GetString();
        using var picture = await _api.SendAsync(HttpMethod.Get, frame!);

        Assert.Equal(("combined", "mine"), (view.GetProperty("layout").GetString(), view.GetProperty("combine").GetProperty("test").GetString()));
        Assert.Equal(["other/p", "other/r", "other/s", "mine/p", "mine/q", "mine/wanted"], manifest.Identities);
        Assert.Equal(["other", "mine"], manifest.Blobs.Select(blob => blob.Dataset));
        Assert.Equal("image/bmp", picture.Content.Headers.ContentType!.MediaType);
        Assert.Equal("$.evaluation.everyEpochs", Assert.Single(every.GetProperty("errors").EnumerateArray()).GetProperty("path").GetString());
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/again", 400, """{"from":"both"}""");
    }

    [Theory]
    [InlineData("""{"combine":{"datasets":[]}}""", "$.combine.datasets", "must name 1 to 20 data sets")]
    [InlineData("""{"combine":{"datasets":["mine","mine"]}}""", "$.combine.datasets[1]", "again: once is enough")]
    [InlineData("""{"combine":{"datasets":["mine","second"]}}""", "$.combine.datasets[1]", "is the data set itself")]
    [InlineData("""{"combine":{"datasets":["mine","../runs"]}}""", "$.combine.datasets[1]", "must be 2 to 63 lowercase letters")]
    [InlineData("""{"combine":{"datasets":["mine"],"test":"nowhere"}}""", "$.combine.test", "there is no data set 'nowhere' that is ready")]
    [InlineData("""{"combine":{"datasets":["mine"]},"layout":"csv"}""", "$.layout", "has no effect beside `combine`")]
    [InlineData("""{"from":"nowhere"}""", "$.from", "there is no data set 'nowhere' that is ready")]
    [InlineData("""{"from":"../mine"}""", "$.from", "must be 2 to 63 lowercase letters")]
    [InlineData("""{"from":"second"}""", "$.from", "is the data set itself")]
    [InlineData("""{"from":"mine","files":["set.zip"]}""", "$.files", "has no effect beside `from`")]
    [InlineData("""{"from":"mine","layout":"csv","variant":"split-1"}""", "$.variant", "layout csv has one protocol; leave it out")]
    public async Task What_cannot_be_derived_is_refused_by_its_place(string body, string path, string message)
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var error = Assert.Single((await _api.JsonAsync(HttpMethod.Put, "/api/datasets/second", 400, body)).GetProperty("errors").EnumerateArray());

        Assert.Equal(path, error.GetProperty("path").GetString());
        Assert.Contains(message, error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_variant_that_the_recognised_layout_has_not_fails_the_commit()
    {
        await _api.UploadAsync("mine", ApiDatasets.Zip("p", "q"));

        Assert.Contains("layout csv has one protocol", (await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 422, """{"variant":"split-1"}""")).GetRawText());
    }

    /// <summary>An address lets its holder make any kind of blob there; one of pages may declare terabytes of zeros and costs nothing.</summary>
    [Theory]
    [InlineData("PageBlob", "a page blob")]
    [InlineData("AppendBlob", "an append blob")]
    public async Task An_upload_that_is_not_of_blocks_is_refused(string type, string what)
    {
        await _api.UploadAsync("mine", ApiDatasets.Zip("p", "q"));
        var offer = await _api.JsonAsync(HttpMethod.Post, "/api/datasets/mine/uploads", 200, """{"file":"zeros.bmp"}""");
        using var put = new HttpRequestMessage(HttpMethod.Put, offer.GetProperty("url").GetString()) { Content = new ByteArrayContent([]), Headers = { { "x-ms-blob-type", type } } };
        if (type == "PageBlob")
        {
            put.Headers.Add("x-ms-blob-content-length", $"{1L << 30}");
        }

        using var client = new HttpClient();
        using var answer = await client.SendAsync(put);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 400);
        Assert.Contains($"'zeros.bmp' is {what}", problem.GetProperty("detail").GetString());
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 200, """{"files":["set.zip"]}""");
    }

    [Fact]
    public async Task Says_where_to_upload_when_nothing_was()
    {
        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 404);

        Assert.Contains("POST /api/datasets/mine/uploads", problem.GetProperty("detail").GetString());
        await _api.GetAsync("/api/datasets/mine", 404);
    }

    [Fact]
    public async Task Refuses_a_layout_that_does_not_exist_and_names_those_that_do()
    {
        await _api.UploadAsync("mine", ApiDatasets.Zip("p"));
        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 400, """{"layout":"marz"}""");
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());

        Assert.Equal("$.layout", error.GetProperty("path").GetString());
        Assert.Contains("mars", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_picture_that_is_none_fails_the_commit_by_name_and_mended_files_may_be_committed_again()
    {
        var csv = Encoding.UTF8.GetBytes("path,identity,camera,split\na.bmp,p,1,train\nb.bmp,p,2,train\nc.bmp,q,1,query\nd.bmp,q,2,gallery\n");
        (string, byte[])[] rest = [("c.bmp", ApiDatasets.Bitmap(3)), ("d.bmp", ApiDatasets.Bitmap(4))];
        await _api.UploadAsync("mine", ApiDatasets.Zip([("manifest.csv", csv), ("a.bmp", ApiDatasets.Bitmap(1)), ("b.bmp", "no picture"u8.ToArray()), .. rest]));
        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 422);

        Assert.Contains("b.bmp", problem.GetProperty("errors").EnumerateArray().Single().GetProperty("message").GetString());
        var view = await _api.GetAsync("/api/datasets/mine");
        Assert.Equal("failed", view.GetProperty("state").GetString());
        Assert.Contains("b.bmp", view.GetProperty("failure").GetString());

        await _api.UploadAsync("mine", ApiDatasets.Zip([("manifest.csv", csv), ("a.bmp", ApiDatasets.Bitmap(1)), ("b.bmp", ApiDatasets.Bitmap(2)), .. rest]));
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine");
    }

    [Fact]
    public async Task A_truncated_archive_fails_the_commit()
    {
        await _api.UploadAsync("mine", ApiDatasets.Zip("p", "q")[..^100]);
        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 422);

        Assert.Contains("set.zip", problem.GetProperty("errors").GetRawText());
    }

    [Fact]
    public async Task A_commit_that_takes_longer_is_answered_with_where_to_ask()
    {
        await using var hasty = await ApiServer.StartAsync(azurite, ("CommitPatience", "00:00:00"));
        await hasty.UploadAsync("mine", ApiDatasets.Zip("p", "q"));
        using var response = await hasty.SendAsync(HttpMethod.Put, "/api/datasets/mine");
        var view = await ApiServer.JsonAsync(response, 202);

        Assert.Equal("committing", view.GetProperty("state").GetString());
        Assert.Equal("/api/datasets/mine", response.Headers.Location!.ToString());
        for (var tries = 0; tries < 100 && view.GetProperty("state").GetString() == "committing"; tries++)
        {
            await Task.Delay(100);
            view = await hasty.GetAsync("/api/datasets/mine");
        }

        Assert.Equal("ready", view.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("..%2Fx")]
    [InlineData("a%5Cb")]
    [InlineData("UP")]
    public async Task Refuses_a_name_with_characters_of_paths(string name)
    {
        var problem = await _api.JsonAsync(HttpMethod.Put, $"/api/datasets/{name}", 400);

        Assert.Equal("name", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("path").GetString());
    }
}
