using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

/// <summary>CreateWeightsUploads, PushWeights, GetWeights, GetWeightsFile, ListWeights, and what SubmitRun asks of weights.</summary>
public sealed class WeightsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly byte[] Checkpoint = NetworkFiles.Reference(BackboneName.MobileNet, 2).Bytes();
    private static readonly byte[] ImageNet = NetworkFiles.Torchvision(BackboneName.MobileNet).Bytes();

    private ApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiServer.StartAsync(azurite);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_checkpoint_is_pushed_once_shown_listed_and_given_back_to_the_byte()
    {
        await _api.UploadWeightsAsync("mine", Checkpoint);
        var parameters = """{"backbone_type":"mobilenet","num_classes":2,"pretrained":true}"""u8.ToArray();
        await _api.UploadWeightsAsync("mine", parameters, "hparams.json");

        var pushed = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine");

        Assert.Equal("mobilenet", pushed.GetProperty("model").GetProperty("backbone").GetString());
        Assert.Equal(2, pushed.GetProperty("identities").GetInt32());
        Assert.Equal(318, pushed.GetProperty("matched").GetInt32());
        Assert.Equal(0, pushed.GetProperty("missing").GetArrayLength());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Checkpoint)), pushed.GetProperty("sha256").GetString());
        Assert.Equal(pushed.GetRawText(), (await _api.GetAsync("/api/weights/mine")).GetRawText());
        var listed = Assert.Single((await _api.GetAsync("/api/weights")).GetProperty("weights").EnumerateArray());
        Assert.Equal(
            ["name", "file", "format", "length", "sha256", "model", "matched", "pushedAt", "identities"], listed.EnumerateObject().Select(member => member.Name));
        Assert.All(listed.EnumerateObject(), member => Assert.Equal(pushed.GetProperty(member.Name).GetRawText(), member.Value.GetRawText()));

        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _api.Address };
        using var redirect = await client.GetAsync("/api/weights/mine/file");
        Assert.Equal(HttpStatusCode.Redirect, redirect.StatusCode);
        Assert.Equal(Checkpoint, await client.GetByteArrayAsync(redirect.Headers.Location));
    }

    [Fact]
    public async Task The_same_again_is_the_same_and_others_under_its_name_are_refused()
    {
        var first = await _api.AddWeightsAsync("mine", Checkpoint);

        var again = await _api.AddWeightsAsync("mine", Checkpoint);
        await _api.UploadWeightsAsync("mine", ImageNet);
        var conflict = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 409);

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Contains("push these under another name", conflict.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(first.GetRawText(), (await _api.GetAsync("/api/weights/mine")).GetRawText());
    }

    [Fact]
    public async Task Bytes_that_are_not_those_that_are_meant_do_not_become_weights_of_whom_did_not_mean_them()
    {
        await _api.UploadWeightsAsync("mine", Checkpoint);
        await _api.UploadWeightsAsync("mine", ImageNet);

        var first = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 409, Meaning(Checkpoint));
        await _api.GetAsync("/api/weights/mine", 404);
        var second = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 200, Meaning(ImageNet).ToUpperInvariant().Replace("SHA", "sha", StringComparison.Ordinal));

        Assert.Contains("somebody else pushes under this name", first.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("under another name", first.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(ImageNet)), second.GetProperty("sha256").GetString());
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("g000000000000000000000000000000000000000000000000000000000000000")]
    public async Task What_is_no_hash_is_refused(string sha256)
    {
        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 400, JsonSerializer.Serialize(new { sha256 }));

        Assert.Contains("$.sha256: must be the file's SHA-256", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_that_is_repeated_is_answered_as_before()
    {
        var first = await _api.AddWeightsAsync("mine", Checkpoint);

        var again = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine");
        var meant = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 200, Meaning(Checkpoint));
        await _api.UploadWeightsAsync("mine", "{}"u8.ToArray(), "hparams.json");
        var afterAnother = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine");
        var others = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 409, Meaning(ImageNet));
        var another = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 409, """{"backbone":"resnet50"}""");

        Assert.All([again, meant, afterAnother], answer => Assert.Equal(first.GetRawText(), answer.GetRawText()));
        Assert.All([others, another], answer => Assert.Contains("push these under another name", answer.GetProperty("detail").GetString(), StringComparison.Ordinal));
        await _api.JsonAsync(HttpMethod.Put, "/api/weights/yours", 404, Meaning(Checkpoint));
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("it is \"quoted\", and long enough that a header which is folded at 76 characters would be folded here.safetensors")]
    [InlineData("特徴抽出器の重みファイル特徴抽出器の重みファイル特徴抽出器の重みファイル特徴抽出器の重みファイル.safetensors")]
    public async Task A_file_comes_back_under_the_name_that_it_was_pushed_with(string file)
    {
        await _api.UploadWeightsAsync("mine", Checkpoint, file);
        await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine");

        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(_api.Address, "/api/weights/mine/file"), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var disposition = answer.Content.Headers.ContentDisposition!;
        Assert.Equal(("attachment", file), (disposition.DispositionType, disposition.FileNameStar ?? disposition.FileName!.Trim('"').Replace("\\", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_many_names_that_are_left_over_the_first_are_told_and_the_rest_counted()
    {
        var file = NetworkFiles.Reference(BackboneName.MobileNet, 2);
        var more = NetworkFiles.File(Enumerable.Range(0, 150).Select(i => ($"optimizer.{i:000}", (long[])[1])));

        var pushed = await _api.AddWeightsAsync("mine", (file with { Tensors = [.. file.Tensors, .. more.Tensors] }).Bytes());

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"optimizer.{i:000}"), pushed.GetProperty("leftOver").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(50, pushed.GetProperty("moreLeftOver").GetInt32());

        // As manifests were before they counted.
        var manifest = _api.Storage.Weights.GetBlobClient(RunPaths.WeightsManifest("mine"));
        var older = JsonNode.Parse((await manifest.DownloadContentAsync()).Value.Content)!;
        older.AsObject().Remove("moreLeftOver");
        await manifest.UploadAsync(BinaryData.FromString(older.ToJsonString()), overwrite: true);
        Assert.Equal(0, (await _api.GetAsync("/api/weights/mine")).GetProperty("moreLeftOver").GetInt32());
    }

    [Fact]
    public async Task An_upload_after_the_push_changes_nothing()
    {
        var offer = await _api.JsonAsync(HttpMethod.Post, "/api/weights/mine/uploads", 200, """{"file":"weights.safetensors"}""");
        await _api.AddWeightsAsync("mine", Checkpoint);
        using var late = new HttpRequestMessage(HttpMethod.Put, offer.GetProperty("url").GetString()) { Content = new ByteArrayContent([1, 2, 3]) };
        late.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.Created, (await client.SendAsync(late)).StatusCode);

        Assert.Equal(Checkpoint, await client.GetByteArrayAsync(new Uri(_api.Address, "/api/weights/mine/file")));
    }

    [Theory]
    [InlineData("resnet50", 422, "weights.safetensors looks like mobilenet, not resnet50")]
    [InlineData("vgg16", 400, "must be one of: resnet18")]
    public async Task Another_backbone_is_refused(string backbone, int status, string why)
    {
        await _api.UploadWeightsAsync("mine", Checkpoint);

        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", status, JsonSerializer.Serialize(new { backbone }));

        Assert.Contains(why, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_that_are_damaged_take_no_others_from_the_list()
    {
        await _api.AddWeightsAsync("mine", Checkpoint);
        await _api.Storage.Weights.GetBlobClient(RunPaths.WeightsManifest("damaged")).UploadAsync(BinaryData.FromString(""));

        var page = await _api.GetAsync("/api/weights");

        Assert.Equal("mine", Assert.Single(page.GetProperty("weights").EnumerateArray()).GetProperty("name").GetString());
        var listed = Assert.Single(page.GetProperty("damaged").EnumerateArray());
        Assert.Equal("damaged", listed.GetProperty("name").GetString());
        Assert.Contains("weights.json' is damaged", listed.GetProperty("fault").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_file_is_refused_with_its_place_and_is_gone()
    {
        await _api.UploadWeightsAsync("mine", PickleBytes.Zip(PickleBytes.Dict(p => p.Global("os", "system").Text("id").Add(0x85).Add("R")).Done()), "theirs.pth");

        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 422);

        Assert.StartsWith("theirs.pth, a/data.pkl, byte 9: the file asks for os.system", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 404);
        await _api.GetAsync("/api/weights/mine", 404);
        await _api.GetAsync("/api/weights/mine/file", 404);
    }

    /// <summary>All of it would be hashed; one of pages that hold nothing costs nothing.</summary>
    [Fact]
    public async Task A_file_that_is_longer_than_any_network_is_not_read()
    {
        var offer = await _api.JsonAsync(HttpMethod.Post, "/api/weights/mine/uploads", 200, """{"file":"w.pth"}""");
        using var put = new HttpRequestMessage(HttpMethod.Put, offer.GetProperty("url").GetString())
        {
            Content = new ByteArrayContent([]),
            Headers = { { "x-ms-blob-type", "PageBlob" }, { "x-ms-blob-content-length", $"{9L << 30}" } },
        };
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.Created, (await client.SendAsync(put)).StatusCode);

        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 422);

        Assert.StartsWith("w.pth has 9663676416 bytes; at most 8589934592 are read", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 404);
    }

    [Fact]
    public async Task A_file_that_arrived_in_part_is_refused()
    {
        await _api.UploadWeightsAsync("mine", Checkpoint[..^1]);

        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 422);

        Assert.Contains("the file is truncated or has a foreign tail. Push the whole file again", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await _api.GetAsync("/api/weights/mine", 404);
    }

    [Fact]
    public async Task One_file_is_wanted()
    {
        await _api.UploadWeightsAsync("mine", Checkpoint, "a.pth");
        await _api.UploadWeightsAsync("mine", Checkpoint, "b.pth");

        var problem = await _api.JsonAsync(HttpMethod.Put, "/api/weights/mine", 422);

        Assert.Contains("uploaded were: a.pth, b.pth", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../a.pth")]
    [InlineData("folder/a.pth")]
    [InlineData("")]
    public async Task A_file_has_a_plain_name(string file) =>
        await _api.JsonAsync(HttpMethod.Post, "/api/weights/mine/uploads", 400, JsonSerializer.Serialize(new { file }));

    [Fact]
    public async Task A_spec_may_name_only_weights_that_are_there_and_can_be_what_they_are_to_be()
    {
        await _api.AddDatasetAsync("tiny", "anna", "bert");
        await _api.AddWeightsAsync("two", Checkpoint);
        await _api.AddWeightsAsync("seven", NetworkFiles.Reference(BackboneName.MobileNet, 7).Bytes());
        await _api.AddWeightsAsync("imagenet-mobilenet", ImageNet);
        var mobile = new TrainSpec("tiny", new ModelSpec(BackboneName.MobileNet), new SupervisedSpec());

        await RefuseAsync(mobile with { InitialWeights = CheckpointRef.Pushed("nobody") }, "$.initialWeights.weights", "there are no weights 'nobody'; push them first: reid weights push FILE --name nobody");
        await RefuseAsync(
            mobile with { Model = new ModelSpec(BackboneName.ResNet50), InitialWeights = CheckpointRef.Pushed("imagenet-resnet50") },
            "$.initialWeights.weights",
            "fetch torchvision's resnet50-19c8e357.pth, then: reid weights push resnet50-19c8e357.pth --name imagenet-resnet50 --backbone resnet50");
        await RefuseAsync(
            mobile with { Model = new ModelSpec(BackboneName.ResNet50), InitialWeights = CheckpointRef.Pushed("two") }, "$.initialWeights.weights", "are of mobilenet, while $.model.backbone is resnet50");
        var student = mobile with { Sampling = new SamplingSpec { Views = ViewSelection.MultiView } };
        await RefuseAsync(student with { Method = new ViewDistillationSpec(CheckpointRef.Pushed("imagenet-mobilenet")) }, "$.method.teacher.weights", "have no classifier");
        await RefuseAsync(student with { Method = new ViewDistillationSpec(CheckpointRef.Pushed("seven")) }, "$.method.teacher.weights", "tell 7 identities apart, while 'tiny' trains on 2");
        await RefuseAsync(student with { Method = StartedFrom("imagenet-mobilenet") }, "$.method.student.weights", "are no student's first stage");
        await RefuseAsync(student with { Method = StartedFrom("seven") }, "$.method.student.weights", "tell 7 identities apart, while 'tiny' trains on 2");
        await RefuseAsync(
            student with { Model = new ModelSpec(BackboneName.ResNet18), Method = StartedFrom("two") }, "$.method.student.weights", "are of mobilenet, while $.model.backbone is resnet18");
        await RefuseAsync(
            new ExplainSpec("tiny", CheckpointRef.Pushed("imagenet-mobilenet")) { Input = new InputSpec() }, "$.checkpoint.weights", "no decision to explain");

        await RefuseAsync(
            student with { InitialWeights = CheckpointRef.Pushed("imagenet-mobilenet"), Method = new ViewDistillationSpec(CheckpointRef.Pushed("two")) },
            "$.initialWeights",
            "of mobilenet a student starts only the head afresh");

        await AdmitAsync(mobile with { InitialWeights = CheckpointRef.Pushed("imagenet-mobilenet") });
        await AdmitAsync(student with { Method = new ViewDistillationSpec(CheckpointRef.Pushed("two")) });
        await AdmitAsync(student with { Method = StartedFrom("two") });
        await AdmitAsync(new EvaluateSpec("tiny", CheckpointRef.Pushed("imagenet-mobilenet")) { Input = new InputSpec() });
    }

    private static string Meaning(byte[] bytes) => JsonSerializer.Serialize(new { sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) });

    private static ViewDistillationSpec StartedFrom(string student) => new(CheckpointRef.Pushed("two")) { Student = CheckpointRef.Pushed(student) };

    private async Task RefuseAsync(RunSpec spec, string path, string why)
    {
        var problem = await _api.JsonAsync(HttpMethod.Post, "/api/runs", 400, System.Text.Encoding.UTF8.GetString(ReidJson.Canonical(spec)));
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(path, error.GetProperty("path").GetString());
        Assert.Contains(why, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private Task<JsonElement> AdmitAsync(RunSpec spec) => _api.JsonAsync(HttpMethod.Post, "/api/runs", 202, System.Text.Encoding.UTF8.GetString(ReidJson.Canonical(spec)));
}
