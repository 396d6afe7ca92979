using System.Text.Json;
using System.Text.Json.Nodes;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class SubmitRunTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Teacher = """{"kind":"train","dataset":"mine","model":{"backbone":"resnet18"},"method":{"kind":"supervised"}}""";
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_run_has_the_priority_that_is_asked_for_and_asking_again_changes_it_until_it_begins()
    {
        async Task<string?> AskedAsync(string query, int status) =>
            (await _api.JsonAsync(HttpMethod.Post, $"/api/runs{query}", status, Teacher)).GetProperty("status").GetProperty("priority").GetString();

        Assert.Equal("high", await AskedAsync("?priority=high", 202));
        Assert.Equal("high", await AskedAsync("", 200));
        Assert.Equal("normal", await AskedAsync("?priority=normal", 200));
        var said = await Cli.CommandLine.RunAsync("submit", "--preset", "vkd-mars-resnet50-teacher", "--priority", "urgent");
        Assert.Contains("'urgent' is not one of: normal, high", said.Error, StringComparison.Ordinal);
        var problem = await _api.JsonAsync(HttpMethod.Post, "/api/runs?priority=urgent", 400, Teacher);
        Assert.Equal("?priority", problem.GetProperty("errors")[0].GetProperty("path").GetString());

        var run = RunId.Parse((await _api.JsonAsync(HttpMethod.Post, "/api/runs", 200, Teacher)).GetProperty("id").GetString()!);
        await using var lease = await _api.ClaimAsync(run);
        Assert.Equal("normal", await AskedAsync("?priority=high", 200));
    }

    [Fact]
    public async Task Queues_a_run_and_says_where_it_is()
    {
        using var response = await _api.SendAsync(HttpMethod.Post, "/api/runs", Teacher);
        var view = await ApiServer.JsonAsync(response, 202);
        var id = view.GetProperty("id").GetString()!;

        Assert.Equal($"/api/runs/{id}", response.Headers.Location!.ToString());
        Assert.Equal("queued", view.GetProperty("status").GetProperty("state").GetString());
        Assert.Equal("train", view.GetProperty("spec").GetProperty("kind").GetString());
        Assert.Equal(RunId.Parse(id), (await _api.Service<RunQueue>().ReceiveAsync(TimeSpan.FromSeconds(5), default))!.Run);
    }

    [Fact]
    public async Task The_same_spec_is_the_same_run()
    {
        var first = await SubmitAsync(Teacher);
        var second = await _api.JsonAsync(HttpMethod.Post, "/api/runs", 200, Teacher.Replace(",", " , ", StringComparison.Ordinal));
        var other = await SubmitAsync(With(Teacher, "repeat", 1));

        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.NotEqual(first.GetProperty("id").GetString(), other.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_data_set_without_times_is_refused_for_a_protocol_that_needs_them()
    {
        var problem = await _api.JsonAsync(
            HttpMethod.Post, "/api/runs", 400, With(Teacher, "evaluation", JsonNode.Parse("""{"protocol":"atrw","settings":["image-to-image"]}""")!));

        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal("$.evaluation.protocol", error.GetProperty("path").GetString());
    }

    [Fact]
    public async Task What_finds_nothing_across_cameras_is_refused_with_the_remedy_and_taken_by_it()
    {
        await AddAsync("blind", "path,identity,split\na.bmp,p,train\nb.bmp,q,train\nc.bmp,r,query\nd.bmp,r,gallery\n");
        await AddAsync("single", "path,identity,camera,split\na.bmp,p,1,train\nb.bmp,q,2,train\nc.bmp,r,1,query\nd.bmp,r,1,gallery\n");
        await AddAsync("nobody", "path,identity,camera,split\na.bmp,p,1,train\nb.bmp,q,2,train\nc.bmp,r,1,query\nd.bmp,s,2,gallery\n");
        var less = JsonNode.Parse("""{"protocol":"camera-less"}""")!;

        Assert.Contains("does not say which camera saw what. Use camera-less", await RefusalAsync(With(Teacher, "dataset", "blind"), "$.evaluation.protocol"));
        Assert.Contains("none of the 1 queries", await RefusalAsync(With(Teacher, "dataset", "single"), "$.evaluation.protocol"));
        Assert.Contains("look at the identities", await RefusalAsync(With(Teacher, "dataset", "nobody"), "$.dataset"));
        var trained = (await SubmitAsync(With(With(Teacher, "dataset", "blind"), "evaluation", less))).GetProperty("id").GetString()!;
        var evaluate = $$$"""{"kind":"evaluate","dataset":"blind","checkpoint":{"run":"{{{trained}}}"}}""";
        Assert.Contains("camera-less", await RefusalAsync(evaluate, "$.evaluation.protocol"));
        await SubmitAsync(With(evaluate, "evaluation", less.DeepClone()));
        Assert.Contains("leave it out", await RefusalAsync(With(With(evaluate, "evaluation", less.DeepClone()), "cameraBias", true), "$.cameraBias"));
        var byCamera = JsonNode.Parse("""{"protocol":"camera-less","cameraStatistics":{}}""")!;
        Assert.Contains("'blind' does not say: leave it out", await RefusalAsync(With(evaluate, "evaluation", byCamera), "$.evaluation.cameraStatistics"));

        var unseen = await _api.JsonAsync(
            HttpMethod.Post, "/api/runs", 400, With(With(With(Teacher, "dataset", "blind"), "evaluation", byCamera.DeepClone()), "cameraBatchNorm", new JsonObject()));
        Assert.Equal(["$.cameraBatchNorm", "$.evaluation.cameraStatistics"], unseen.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()));
        Assert.Contains("needs to know which camera took each frame", unseen.GetProperty("errors")[0].GetProperty("message").GetString());

        async Task AddAsync(string name, string table)
        {
            await _api.UploadAsync(name, ApiDatasets.Zip([("manifest.csv", System.Text.Encoding.UTF8.GetBytes(table)), .. "abcd".Select((letter, i) => ($"{letter}.bmp", ApiDatasets.Bitmap((byte)i)))]));
            await _api.JsonAsync(HttpMethod.Put, $"/api/datasets/{name}");
        }

        async Task<string?> RefusalAsync(string body, string path)
        {
            var error = await RefusedAsync(body);
            Assert.Equal(path, error.GetProperty("path").GetString());
            return error.GetProperty("message").GetString();
        }
    }

    [Fact]
    public async Task A_validation_part_leaves_enough_to_train_on_and_a_student_holds_the_same_back()
    {
        await _api.AddDatasetAsync("many", "p", "q", "r", "s");
        string Held(int identities) => With(With(Teacher, "dataset", "many"), "validation", JsonNode.Parse($$"""{"identities":{{identities}}}"""));

        Assert.Equal("$.validation.identities", (await RefusedAsync(Held(3))).GetProperty("path").GetString());
        Assert.Contains("must be at most 2, was 3", (await RefusedAsync(Held(3))).GetProperty("message").GetString());
        Assert.Equal("$.validation.seed", (await RefusedAsync(With(Teacher, "validation", JsonNode.Parse("""{"identities":1,"seed":-1}""")))).GetProperty("path").GetString());
        var teacher = (await SubmitAsync(Held(2))).GetProperty("id").GetString()!;
        Assert.Contains("held 2 identities back (seed 1), this one holds nobody", (await RefusedAsync(Student(teacher, dataset: "many"))).GetProperty("message").GetString());
        await SubmitAsync(With(Student(teacher, dataset: "many"), "validation", JsonNode.Parse("""{"identities":2}""")));
    }

    [Fact]
    public async Task Cameras_are_those_of_the_training_split_and_a_student_learns_from_the_same()
    {
        var table = "path,identity,camera,split\na.bmp,p,door,train\nb.bmp,p,lift,train\nc.bmp,q,door,train\nd.bmp,r,lift,train\ne.bmp,s,hall,query\nf.bmp,s,door,gallery\n";
        await _api.UploadAsync("house", ApiDatasets.Zip([("manifest.csv", System.Text.Encoding.UTF8.GetBytes(table)), .. "abcdef".Select((letter, i) => ($"{letter}.bmp", ApiDatasets.Bitmap((byte)i)))]));
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/house");
        string Seen(string spec, params string[] cameras) => With(With(spec, "dataset", "house"), "cameras", new JsonArray([.. cameras.Select(camera => JsonValue.Create(camera))]));

        var error = await RefusedAsync(Seen(Teacher, "door", "hall"));
        Assert.Equal("$.cameras[1]", error.GetProperty("path").GetString());
        Assert.Contains("'hall' is no camera of the training split of data set 'house'; there are door, lift", error.GetProperty("message").GetString());
        var teacher = (await SubmitAsync(Seen(Teacher, "door"))).GetProperty("id").GetString()!;
        Assert.Contains("identities of 'house' that cameras door saw, which are not those of 'house' that cameras door, lift saw; name a run trained on the same $.cameras", (await RefusedAsync(Seen(Student(teacher), "door", "lift"))).GetProperty("message").GetString());
        Assert.Contains("which are not those of 'house'; name", (await RefusedAsync(Student(teacher, dataset: "house"))).GetProperty("message").GetString());
        await SubmitAsync(Seen(Student(teacher), "door"));
        await SubmitAsync(With(Seen(Teacher, "door", "lift"), "initialWeights", Run(teacher)));
    }

    [Fact]
    public async Task A_data_set_that_is_only_for_training_is_not_measured_on()
    {
        var table = "path,identity,camera,split\na.bmp,p,a,train\nb.bmp,p,b,train\n"u8.ToArray();
        await _api.UploadAsync("learn", ApiDatasets.Zip([("manifest.csv", table), ("a.bmp", ApiDatasets.Bitmap(1)), ("b.bmp", ApiDatasets.Bitmap(2))]));
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/learn");
        var teacher = (await SubmitAsync(Teacher)).GetProperty("id").GetString()!;

        var problem = await _api.JsonAsync(
            HttpMethod.Post, "/api/runs", 400, $$$"""{"kind":"evaluate","dataset":"learn","checkpoint":{"run":"{{{teacher}}}"}}""");

        Assert.Contains("has no gallery, so no images to explain", (await RefusedAsync($$$"""{"kind":"explain","dataset":"learn","checkpoint":{"run":"{{{teacher}}}"}}""")).GetProperty("message").GetString());
        Assert.Contains("has 0 query and 0 gallery tracklets", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("message").GetString());
    }

    [Fact]
    public async Task Refuses_a_peer_that_a_run_does_not_have()
    {
        var alone = (await SubmitAsync(Teacher)).GetProperty("id").GetString()!;
        var peers = (await SubmitAsync(With(
            Teacher, "method", JsonNode.Parse($$$"""{"kind":"mutual-learning","peers":3,"alone":{"run":"{{{alone}}}"}}""")!))).GetProperty("id").GetString()!;

        Assert.Equal("waiting", (await SubmitAsync(Explain(peers, 3))).GetProperty("status").GetProperty("state").GetString());
        var error = await RefusedAsync(Explain(peers, 4));
        Assert.Equal("$.checkpoint.peer", error.GetProperty("path").GetString());
        Assert.Contains("must be at most 3", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("no run of mutual learning", (await RefusedAsync(Explain(alone, 1))).GetProperty("message").GetString(), StringComparison.Ordinal);

        static string Explain(string run, int peer) => $$$"""{"kind":"explain","dataset":"mine","checkpoint":{"run":"{{{run}}}","peer":{{{peer}}}}}""";
    }

    [Fact]
    public async Task A_student_waits_for_its_teacher()
    {
        var teacher = (await SubmitAsync(Teacher)).GetProperty("id").GetString()!;

        Assert.Equal("waiting", (await SubmitAsync(Student(teacher))).GetProperty("status").GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("colour", "\"red\"", "$.colour")]
    [InlineData("epochs", "null", "$.epochs")]
    [InlineData("epochs", "\"9\"", "$.epochs")]
    [InlineData("epochs", "0", "$.epochs")]
    [InlineData("kind", "\"trian\"", "$.kind")]
    [InlineData("model", """{"backbone":"resnet5"}""", "$.model.backbone")]
    [InlineData("model", "{}", "$.model.backbone")]
    [InlineData("method", """{"kind":"distil"}""", "$.method.kind")]
    [InlineData("method", """{"kind":"supervised","losses":[{"kind":"triplet","margin":-0.1},{"kind":"cross-entropy"}]}""", "$.method.losses[0].margin")]
    [InlineData("sampling", """{"identities":8,"tracklets":1}""", "$.sampling.tracklets")]
    [InlineData("dataset", "\"elsewhere\"", "$.dataset")]
    [InlineData("dataset", "\"../mine\"", "$.dataset")]
    public async Task Refuses_what_is_wrong_and_names_the_place(string member, string value, string path)
    {
        var error = await RefusedAsync(With(Teacher, member, JsonNode.Parse(value)));

        Assert.Equal(path, error.GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("dataset")]
    [InlineData("model")]
    [InlineData("method")]
    [InlineData("kind")]
    public async Task Refuses_a_missing_member_by_name(string member)
    {
        var spec = JsonNode.Parse(Teacher)!.AsObject();
        spec.Remove(member);
        var error = await RefusedAsync(spec.ToJsonString());

        Assert.Contains(member, error.GetRawText());
    }

    [Fact]
    public async Task Refuses_a_student_that_sees_more_than_its_teacher()
    {
        var teacher = (await SubmitAsync(Teacher)).GetProperty("id").GetString()!;
        var error = await RefusedAsync(Student(teacher, """, "teacherViews": 2, "studentViews": 4"""));

        Assert.StartsWith("$.method.", error.GetProperty("path").GetString());
        Assert.Contains("4", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("00000000000000000000")]
    [InlineData("../../datasets/mine")]
    public async Task Refuses_a_teacher_that_does_not_exist(string teacher)
    {
        var error = await RefusedAsync(Student(teacher));

        Assert.Equal("$.method.teacher.run", error.GetProperty("path").GetString());
        Assert.Contains(teacher, error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(RunState.Failed, "failed", "method.teacher")]
    [InlineData(RunState.Cancelled, "was cancelled", "method.teacher")]
    [InlineData(RunState.Failed, "failed", "method.student")]
    [InlineData(RunState.Failed, "failed", "initialWeights")]
    [InlineData(RunState.Failed, "failed", "checkpoint")]
    public async Task Refuses_to_build_on_a_run_that_leaves_no_checkpoint(RunState state, string fate, string place)
    {
        var good = (await SubmitAsync(Teacher)).GetProperty("id").GetString()!;
        var ended = (await SubmitAsync(With(Teacher, "repeat", 1))).GetProperty("id").GetString()!;
        var before = await SubmitAsync(Student(ended));
        await _api.EndAsync(RunId.Parse(ended), state);

        var error = await RefusedAsync(place switch
        {
            "method.teacher" => Student(ended, """, "studentViews": 1"""),
            "method.student" => Student(good, $$""", "student": {"run": "{{ended}}"}"""),
            "initialWeights" => With(Teacher, "initialWeights", Run(ended)),
            _ => $$$"""{"kind":"evaluate","dataset":"mine","checkpoint":{"run":"{{{ended}}}"}}""",
        });

        Assert.Equal($"$.{place}.run", error.GetProperty("path").GetString());
        Assert.Contains($"run {ended} {fate}", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains($"reid retry {ended}", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        var again = await _api.JsonAsync(HttpMethod.Post, "/api/runs", 200, Student(ended));
        Assert.Equal(before.GetProperty("id").GetString(), again.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("student", "00000000000000000000")]
    [InlineData("initialWeights", "00000000000000000000")]
    public async Task Refuses_to_start_from_a_run_that_does_not_exist(string place, string nobody)
    {
        var teacher = (await SubmitAsync(Teacher)).GetProperty("id").GetString()!;

        var error = await RefusedAsync(place == "student"
            ? Student(teacher, $$""", "student": {"run": "{{nobody}}"}""")
            : With(Teacher, "initialWeights", Run(nobody)));

        Assert.EndsWith($"{place}.run", error.GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.Contains($"there is no run {nobody}", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_teacher_trained_on_other_identities()
    {
        await _api.AddDatasetAsync("other", "p", "r");
        var teacher = (await SubmitAsync(Teacher)).GetProperty("id").GetString()!;
        var error = await RefusedAsync(Student(teacher, dataset: "other"));

        Assert.Equal("$.method.teacher.run", error.GetProperty("path").GetString());
        Assert.Contains("identities", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Takes_a_teacher_trained_on_the_same_identities_elsewhere()
    {
        await _api.AddDatasetAsync("copy", "p", "q");
        var teacher = (await SubmitAsync(Teacher)).GetProperty("id").GetString()!;

        await SubmitAsync(Student(teacher, dataset: "copy"));
    }

    [Fact]
    public async Task Takes_a_chain_of_generations_and_a_students_own_start()
    {
        var teacher = (await SubmitAsync(Teacher)).GetProperty("id").GetString()!;
        var student = (await SubmitAsync(Student(teacher))).GetProperty("id").GetString()!;

        await SubmitAsync(Student(student));
        await SubmitAsync(Student(student, $$""", "student": {"run": "{{teacher}}"}"""));
        await SubmitAsync(With(Student(student), "initialWeights", Run(teacher)));
    }

    [Fact]
    public async Task Refuses_initial_weights_of_another_backbone_whatever_they_learned()
    {
        await _api.AddDatasetAsync("other", "p", "r");
        var deep = (await SubmitAsync(With(With(Teacher, "dataset", "other"), "model", JsonNode.Parse("""{"backbone":"resnet50"}""")))).GetProperty("id").GetString()!;
        var error = await RefusedAsync(With(Teacher, "initialWeights", Run(deep)));

        Assert.Equal("$.initialWeights", error.GetProperty("path").GetString());
        Assert.Contains("resnet50", error.GetProperty("message").GetString());
        await SubmitAsync(With(With(Teacher, "model", JsonNode.Parse("""{"backbone":"resnet50bam"}""")), "initialWeights", Run(deep)));
    }

    [Fact]
    public async Task Refuses_a_student_that_starts_from_another_backbone_or_other_identities()
    {
        await _api.AddDatasetAsync("other", "p", "r");
        var teacher = (await SubmitAsync(Teacher)).GetProperty("id").GetString()!;
        var deep = (await SubmitAsync(With(Teacher, "model", JsonNode.Parse("""{"backbone":"resnet34"}""")))).GetProperty("id").GetString()!;
        var elsewhere = (await SubmitAsync(With(Teacher, "dataset", "other"))).GetProperty("id").GetString()!;

        var error = await RefusedAsync(Student(teacher, $$""", "student": {"run": "{{deep}}"}"""));
        Assert.Equal("$.method.student", error.GetProperty("path").GetString());
        error = await RefusedAsync(Student(deep, $$""", "student": {"run": "{{elsewhere}}"}"""));
        Assert.Equal("$.method.student.run", error.GetProperty("path").GetString());
        error = await RefusedAsync(Student(deep, """, "reinitializeLastStage": false"""));
        Assert.Equal("$.method.reinitializeLastStage", error.GetProperty("path").GetString());
        await SubmitAsync(Student(deep, $$""", "student": {"run": "{{teacher}}"}"""));
    }

    [Fact]
    public async Task Refuses_a_data_set_whose_commit_failed()
    {
        await _api.UploadAsync("broken", [1, 2, 3]);
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/broken", 422);
        var error = await RefusedAsync(With(Teacher, "dataset", "broken"));

        Assert.Contains("failed", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}{}")]
    [InlineData("{\"kind\":\"train\",\"kind\":\"train\"}")]
    public async Task Refuses_a_body_that_is_no_spec(string body) => await RefusedAsync(body);

    [Fact]
    public async Task Refuses_a_body_over_a_mebibyte()
    {
        var problem = await _api.JsonAsync(HttpMethod.Post, "/api/runs", 413, With(Teacher, "colour", new string('x', 1 << 20)));

        Assert.Contains("1048576", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Refuses_a_body_over_a_mebibyte_whose_length_is_not_told()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs") { Content = new StringContent(new string(' ', (1 << 20) + 1)) };
        request.Headers.TransferEncodingChunked = true;
        using var response = await _api.Client.SendAsync(request);

        await ApiServer.JsonAsync(response, 413);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Refuses_another_media_type(string type)
    {
        using var response = await _api.SendAsync(HttpMethod.Post, "/api/runs", Teacher, type);

        await ApiServer.JsonAsync(response, 415);
    }

    [Fact]
    public async Task What_is_refused_leaves_nothing_behind()
    {
        await RefusedAsync(With(Teacher, "epochs", 0));

        Assert.Empty((await _api.GetAsync("/api/runs")).GetProperty("runs").EnumerateArray());
        Assert.Null(await _api.Service<RunQueue>().ReceiveAsync(TimeSpan.Zero, default));
    }

    private Task<JsonElement> SubmitAsync(string spec) => _api.JsonAsync(HttpMethod.Post, "/api/runs", 202, spec);

    private async Task<JsonElement> RefusedAsync(string spec)
    {
        var problem = await _api.JsonAsync(HttpMethod.Post, "/api/runs", 400, spec);
        Assert.Equal("/api/runs", problem.GetProperty("instance").GetString());
        return Assert.Single(problem.GetProperty("errors").EnumerateArray());
    }

    private static string Student(string teacher, string more = "", string dataset = "mine") => $$$"""
        {"kind":"train","dataset":"{{{dataset}}}","model":{"backbone":"resnet18"},"sampling":{"views":"multi-view"},"method":{"kind":"view-distillation","teacher":{"run":"{{{teacher}}}"}{{{more}}}}}
        """;

    private static JsonObject Run(string id) => new() { ["run"] = id };

    private static string With(string spec, string member, JsonNode? value)
    {
        var json = JsonNode.Parse(spec)!.AsObject();
        json[member] = value;
        return json.ToJsonString();
    }
}
