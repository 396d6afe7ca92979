using System.Text.Json;
using ReidCloud.Cli.Api;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Cli.Api;

/// <summary>The command line against the HTTP API, without a runner: both must mean the same by what they send and answer.</summary>
public sealed class ReidClientTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reid with space ").FullName;
    private ApiServer _api = null!;

    private string Zip => Path.Combine(_folder, "some people.zip");

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        var made = await CommandLine.RunAsync(
            "synth", "--output", Zip, "--identities", "4", "--test-identities", "3", "--cameras", "2", "--tracklets", "1", "--frames", "2",
            "--width", "24", "--height", "48", "--distractors", "1");
        Assert.True(made.ExitCode == 0, made.Error);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Comes_again_when_it_is_told_to_twice_at_most()
    {
        using var patient = new ReidClient(new Uri("http://localhost/"), handler: new Busy(2));
        using var refused = new ReidClient(new Uri("http://localhost/"), handler: new Busy(3));

        Assert.Empty(await patient.RunsAsync(null, default));
        Assert.Equal(429, (await Assert.ThrowsAsync<ProblemException>(() => refused.RunsAsync(null, default))).Problem.Status);
    }

    [Fact]
    public async Task Pushes_a_zip_or_the_same_as_a_folder_and_shows_what_it_holds()
    {
        var folder = Path.Combine(_folder, "as a folder");
        System.IO.Compression.ZipFile.ExtractToDirectory(Zip, folder);

        var zipped = await RunAsync("dataset", "push", Zip, "--name", "zipped");
        var loose = await RunAsync("dataset", "push", folder, "--name", "loose", "--json");
        var shown = await RunAsync("dataset", "show", "zipped", "--json");
        var listed = await RunAsync("dataset", "list");

        Assert.True(zipped.ExitCode == 0, zipped.Error);
        Assert.Contains("ready, layout mars", zipped.Output);
        Assert.Contains("Uploading some people.zip", zipped.Error);
        Assert.Equal(HashOf(shown), HashOf(loose));
        Assert.Contains("zipped", listed.Output);
        Assert.Contains("loose", listed.Output);
    }

    /// <summary>As tigers are published: training and test images in an archive each, the lists beside them.</summary>
    [Fact]
    public async Task Pushes_a_folder_of_the_authors_archives()
    {
        var zip = Path.Combine(_folder, "tigers.zip");
        var made = await CommandLine.RunAsync(
            "synth", "--layout", "atrw", "--output", zip, "--identities", "4", "--test-identities", "4", "--cameras", "2", "--tracklets", "2", "--frames", "2",
            "--width", "48", "--height", "48", "--distractors", "1");
        var unpacked = Path.Combine(_folder, "unpacked");
        System.IO.Compression.ZipFile.ExtractToDirectory(zip, unpacked);
        foreach (var part in new[] { "train", "test" })
        {
            Directory.CreateDirectory(Path.Combine(unpacked, "cvwc2019", part));
            using (var file = File.Create(Path.Combine(unpacked, "cvwc2019", part, $"atrw_reid_{part}.tar.gz")))
            using (var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest))
            {
                System.Formats.Tar.TarFile.CreateFromDirectory(Path.Combine(unpacked, part), gzip, includeBaseDirectory: true);
            }

            Directory.Delete(Path.Combine(unpacked, part), recursive: true);
        }

        var zipped = await RunAsync("dataset", "push", zip, "--name", "zipped-tigers", "--json");
        var folder = await RunAsync("dataset", "push", unpacked, "--name", "tigers", "--json");

        Assert.True(made.ExitCode == 0 && zipped.ExitCode == 0 && folder.ExitCode == 0, zipped.Error + folder.Error);
        Assert.Contains("\"layout\": \"atrw\"", folder.Output, StringComparison.Ordinal);
        Assert.Contains("Uploading cvwc2019/train/atrw_reid_train.zip", folder.Error, StringComparison.Ordinal);
        Assert.Equal(HashOf(zipped), HashOf(folder));
    }

    [Fact]
    public async Task A_name_under_which_something_else_was_pushed_and_refused_is_free()
    {
        var (unpacked, folder) = (Path.Combine(_folder, "unpacked"), Directory.CreateDirectory(Path.Combine(_folder, "parts")).FullName);
        System.IO.Compression.ZipFile.ExtractToDirectory(Zip, unpacked);
        foreach (var part in new[] { "bbox_train", "bbox_test" })
        {
            var alone = Path.Combine(_folder, part);
            Directory.CreateDirectory(Path.Combine(alone, "mars"));
            Directory.Move(Path.Combine(unpacked, "mars", part), Path.Combine(alone, "mars", part));
            System.IO.Compression.ZipFile.CreateFromDirectory(alone, Path.Combine(folder, $"{part}.zip"));
        }

        var parts = await RunAsync("dataset", "push", folder, "--name", "mars");
        var whole = await RunAsync("dataset", "push", Zip, "--name", "mars", "--json");
        var other = await RunAsync("dataset", "push", Zip, "--name", "other", "--json");

        Assert.Equal(2, parts.ExitCode);
        Assert.True(whole.ExitCode == 0, whole.Error);
        Assert.Equal(HashOf(other), HashOf(whole));
    }

    [Fact]
    public async Task Refuses_a_hostile_archive_before_it_is_whole()
    {
        var path = Path.Combine(_folder, "evil.tar.gz");
        using (var file = File.Create(path))
        using (var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest))
        using (var tar = new System.Formats.Tar.TarWriter(gzip))
        {
            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.SymbolicLink, "train/0.jpg") { LinkName = "/etc/passwd" });
        }

        var said = await RunAsync("dataset", "push", path, "--name", "evil");

        Assert.Equal(2, said.ExitCode);
        Assert.Contains("'train/0.jpg' is a link", said.Error, StringComparison.Ordinal);
        Assert.Contains("--dereference", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_why_files_are_no_data_set()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "odd")).FullName;
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "nothing to see");

        var said = await RunAsync("dataset", "push", folder, "--name", "odd");

        Assert.Equal(2, said.ExitCode);
        Assert.Contains("layout-not-recognized", said.Error);
        Assert.DoesNotContain("   at ", said.Error);
    }

    [Fact]
    public async Task Submits_lists_and_cancels_a_run()
    {
        await RunAsync("dataset", "push", Zip, "--name", "people");

        var submitted = await RunAsync("submit", "--preset", "debug-teacher", "--dataset", "people", "--set", "epochs=1", "--json");
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        var id = JsonElement.Parse(submitted.Output).GetProperty("id").GetString()!;
        var student = await RunAsync("submit", "--preset", "debug-student", "--dataset", "people", "--teacher", id);
        var waiting = await RunAsync("runs", "--state", "waiting");
        var cancelled = await RunAsync("cancel", id);
        var watched = await RunAsync("watch", id);

        Assert.Contains("waiting", student.Output);
        Assert.Contains("view-distillation, resnet18", waiting.Output);
        Assert.DoesNotContain(id, waiting.Output);
        Assert.Equal(0, cancelled.ExitCode);
        Assert.Equal(1, watched.ExitCode);
        Assert.Contains("cancelled", watched.Error);
    }

    [Fact]
    public async Task Asks_for_evaluations_and_explanations_of_a_run()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        await _api.AddDatasetAsync("other", "p", "q");
        var (teacher, student) = (await _api.SubmitAsync(), await _api.SubmitAsync(repeat: 1));

        var own = await SpecOf("evaluate", student.ToString(), "--against", teacher.ToString(), "--settings", "image-to-image,video-to-video", "--gallery-frames", "1,4",
            "--camera-bias", "--save-distances", "--input", "128x64", "--frames", "3", "--set", "evaluation.metric=euclidean", "--set", "input.fit=letterbox");
        var elsewhere = await SpecOf("evaluate", student.ToString(), "--dataset", "other");
        var before = await SpecOf("evaluate", "--gallery-frames", "1,2,4", "--gallery-frames", "8", "--settings", "video-to-video", student.ToString());
        var explained = await SpecOf("explain", student.ToString(), "--against", teacher.ToString(), "--images", "5", "--seed", "7");
        var exported = await SpecOf("export", student.ToString(), "--fold", "--input", "128x64");
        var refused = await RunAsync("evaluate", student.ToString(), "--settings", "image-to-image", "--gallery-frames", "1");
        var pushed = await RunAsync("evaluate", "weights:vkd", "--dataset", "other");

        var evaluate = Assert.IsType<EvaluateSpec>(own);
        Assert.Equal(("mine", new CheckpointRef(student.ToString()), new CheckpointRef(teacher.ToString())), (evaluate.Dataset, evaluate.Checkpoint, evaluate.Against));
        Assert.Equal([RetrievalSetting.ImageToImage, RetrievalSetting.VideoToVideo], evaluate.Evaluation.Settings);
        Assert.Equal((3, DistanceMetric.Euclidean, 0), (evaluate.Evaluation.Frames, evaluate.Evaluation.Metric, evaluate.Evaluation.EveryEpochs));
        Assert.Equal([1, 4], evaluate.GalleryFrames);
        Assert.Equal([1, 2, 4, 8], Assert.IsType<EvaluateSpec>(before).GalleryFrames);
        Assert.True(evaluate.CameraBias && evaluate.SaveDistances);
        Assert.Equal(new InputSpec(128, 64) { Fit = ResizeFit.Letterbox }, evaluate.Input);
        Assert.Equal(ReidJson.Write(new EvaluationSpec()), ReidJson.Write(Assert.IsType<EvaluateSpec>(elsewhere).Evaluation));
        var explain = Assert.IsType<ExplainSpec>(explained);
        Assert.Equal(("mine", 5, 7L), (explain.Dataset, explain.Images, explain.Seed));
        Assert.Equal(new ExportSpec("mine", new CheckpointRef(student.ToString())) { FoldBatchNorm = true, Input = new InputSpec(128, 64) }, exported);
        Assert.Contains("$.galleryFrames", refused.Error);
        Assert.Equal(2, pushed.ExitCode);
        Assert.Contains("256 x 128", pushed.Error);
    }

    [Fact]
    public async Task The_evaluation_of_a_run_on_its_own_data_is_the_runs_own()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        const string Spec = """
            {"kind":"train","dataset":"mine","model":{"backbone":"resnet18"},"method":{"kind":"supervised"},
             "evaluation":{"settings":["video-to-video"],"frames":5,"galleryIncludesQueries":true,"everyEpochs":10}}
            """;
        var run = (await _api.JsonAsync(HttpMethod.Post, "/api/runs", 202, Spec)).GetProperty("id").GetString()!;

        var asked = Assert.IsType<EvaluateSpec>(await SpecOf("evaluate", run));

        Assert.Equal(
            ReidJson.Write(new EvaluationSpec { Settings = [RetrievalSetting.VideoToVideo], Frames = 5, GalleryIncludesQueries = true }), ReidJson.Write(asked.Evaluation));
    }

    [Fact]
    public async Task On_other_data_the_layouts_published_protocol_is_asked_for()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        foreach (var layout in new[] { "mars", "veri-776", "atrw" })
        {
            var zip = Path.Combine(_folder, $"{layout}.zip");
            var made = await RunAsync("synth", "--layout", layout, "--output", zip, "--identities", "2", "--test-identities", "3", "--cameras", "2", "--frames", "2", "--width", "24", "--height", "48");
            Assert.True(made.ExitCode == 0, made.Error);
            Assert.Equal(0, (await RunAsync("dataset", "push", zip, "--name", layout)).ExitCode);

            var asked = Assert.IsType<EvaluateSpec>(await SpecOf("evaluate", run.ToString(), "--dataset", layout));

            Assert.Equal(ReidJson.Write(LayoutProtocols.Of(layout)), ReidJson.Write(asked.Evaluation));
        }

        var narrowed = Assert.IsType<EvaluateSpec>(await SpecOf("evaluate", run.ToString(), "--dataset", "veri-776", "--settings", "image-to-video"));
        Assert.Equal(GalleryImages.FirstFrame, narrowed.Evaluation.GalleryImages);
        var untimed = await RunAsync("evaluate", run.ToString(), "--dataset", "mars", "--protocol", "atrw", "--settings", "image-to-image", "--set", "evaluation.galleryIncludesQueries=false");
        Assert.Equal(2, untimed.ExitCode);
        Assert.Contains("$.evaluation.protocol  atrw needs to know when each image was taken; data set 'mars'", untimed.Error);
    }

    [Fact]
    public async Task A_run_that_trained_nothing_is_no_network()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var trained = await _api.SubmitAsync();
        var explained = JsonElement.Parse((await RunAsync("explain", trained.ToString(), "--json")).Output).GetProperty("id").GetString()!;

        var said = await RunAsync("evaluate", explained);
        var beside = await RunAsync("evaluate", trained.ToString(), "--against", explained);

        Assert.Equal((2, 2), (said.ExitCode, beside.ExitCode));
        Assert.Contains($"run {explained} (explain {trained}) trained no network", said.Error);
        Assert.Contains("$.against.run", beside.Error);
        Assert.Contains("does not train, so it leaves no checkpoint", beside.Error);
    }

    [Theory]
    [InlineData(ReidCloud.Runs.RunState.Cancelled, "was cancelled")]
    [InlineData(ReidCloud.Runs.RunState.Failed, "failed")]
    public async Task A_run_that_came_to_nothing_has_nothing_to_evaluate(ReidCloud.Runs.RunState end, string fate)
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        var unfinished = await RunAsync("explain", run.ToString());
        await _api.EndAsync(run, end);

        var said = await RunAsync("evaluate", run.ToString(), "--watch");

        Assert.Contains("waiting", unfinished.Output);
        Assert.Equal(2, said.ExitCode);
        Assert.Contains($"$.checkpoint.run  run {run} {fate}, so it leaves no final checkpoint", said.Error);
    }

    [Fact]
    public async Task Shows_and_saves_the_files_of_a_run_but_not_its_checkpoint()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        var large = new byte[300_000];
        new Random(1).NextBytes(large);
        await _api.LeaveAsync(run, ("map.png", "a picture"u8.ToArray()), ("large.safetensors", large), ("empty.csv", []));
        var folder = Path.Combine(_folder, "saved", "here");

        var said = await RunAsync("report", run.ToString(), "--save", folder);

        Assert.True(said.ExitCode == 0, said.Error);
        Assert.Contains("map.png", said.Output);
        Assert.Contains($"4 files are in {folder}.", said.Error);
        Assert.Equal(["empty.csv", "large.safetensors", "map.png", "report.json"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(large, await File.ReadAllBytesAsync(Path.Combine(folder, "large.safetensors")));
        Assert.Equal(run.ToString(), JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "report.json"))).GetProperty("run").GetString());
    }

    [Fact]
    public async Task Names_each_wrong_place_of_a_refused_request()
    {
        var said = await RunAsync("submit", "--preset", "debug-teacher", "--dataset", "nobody");

        Assert.Equal(2, said.ExitCode);
        Assert.Contains("$.dataset", said.Error);
        Assert.Contains("'nobody'", said.Error);
    }

    [Theory]
    [InlineData("watch", "00000000000000000000")]
    [InlineData("report", "00000000000000000000")]
    [InlineData("cancel", "00000000000000000000")]
    [InlineData("dataset", "show", "nobody")]
    public async Task Says_that_there_is_no_such_thing(params string[] arguments)
    {
        var said = await RunAsync(arguments);

        Assert.Equal(2, said.ExitCode);
        Assert.Contains(arguments[^1], said.Error);
        Assert.Contains("./reid runs", said.Error);
    }

    private async Task<RunSpec> SpecOf(params string[] arguments)
    {
        var said = await RunAsync([.. arguments, "--json"]);
        Assert.True(said.ExitCode == 0, said.Error);
        return ReidJson.Read<RunSpec>(System.Text.Encoding.UTF8.GetBytes(JsonElement.Parse(said.Output).GetProperty("spec").GetRawText()));
    }

    private static string? HashOf(CommandLine said) => JsonElement.Parse(said.Output).GetProperty("hash").GetString();

    private Task<CommandLine> RunAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--url", _api.Address.ToString()]);

    /// <summary>Sends away so many times before it answers.</summary>
    private sealed class Busy(int times) : HttpMessageHandler
    {
        private int _asked;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(_asked++ < times
            ? new HttpResponseMessage(System.Net.HttpStatusCode.TooManyRequests) { Headers = { { "Retry-After", "0" } } }
            : new HttpResponseMessage { Content = new StringContent("""{"runs":[]}""") });
    }
}
