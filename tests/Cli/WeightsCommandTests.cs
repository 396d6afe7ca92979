using System.Text;
using System.Text.Json;
using ReidCloud.Cli;
using ReidCloud.Cli.Api;
using ReidCloud.Cli.Progress;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Models;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Cli;

[Collection(TorchCollection.Name)]
public sealed class WeightsCommandTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly byte[] ImageNet = NetworkFiles.Torchvision(BackboneName.MobileNet).Bytes();
    private readonly string _folder = Directory.CreateTempSubdirectory("reid-weights-").FullName;
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiServer.StartAsync(azurite);

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ImageNets_weights_are_pushed_shown_listed_and_not_sent_twice()
    {
        var file = Save("mobilenet_v2-b0353104.pth", ImageNet);

        var pushed = await ReidAsync("weights", "push", file, "--backbone", "mobilenet");
        var again = await ReidAsync("weights", "push", file);
        var others = await ReidAsync("weights", "push", Save("other.safetensors", NetworkFiles.Reference(BackboneName.MobileNet, 3).Bytes()), "--name", "mobilenet-v2-b0353104");
        var shown = await ReidAsync("weights", "show", "mobilenet-v2-b0353104");
        var listed = await ReidAsync("weights", "list");

        Assert.Equal((0, ""), (pushed.ExitCode, pushed.Error.Contains("reid:", StringComparison.Ordinal) ? pushed.Error : ""));
        Assert.StartsWith("Weights mobilenet-v2-b0353104: mobilenet, no head", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("matched    312 tensors", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("missing    6: the head, which starts afresh", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("left over  2: fc.weight, fc.bias", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("are there already", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Uploading", again.Error, StringComparison.Ordinal);
        Assert.Equal(2, others.ExitCode);
        Assert.Contains("are there and are others (mobilenet_v2-b0353104.pth, mobilenet)", others.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Uploading", others.Error, StringComparison.Ordinal);
        Assert.Equal(pushed.Output, again.Output);
        Assert.Equal(pushed.Output, shown.Output);
        Assert.Contains("mobilenet-v2-b0353104", listed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Others_that_somebody_uploads_under_the_name_meanwhile_are_not_pushed_for_these(bool isTold)
    {
        var file = Save("mine.safetensors", NetworkFiles.Reference(BackboneName.MobileNet, 3).Bytes());
        using var meanwhile = new BeforePush(async push =>
        {
            await _api.UploadWeightsAsync("mine", ImageNet, "mine.safetensors");
            if (!isTold)
            {
                push.Content = null;
            }
        });
        using var client = new ReidClient(_api.Address, handler: meanwhile);

        var refused = await Record.ExceptionAsync(
            () => new WeightsPush(client, new Terminal(TextWriter.Null, TextWriter.Null)).PushAsync(file, "mine", null, null, CancellationToken.None));

        if (isTold)
        {
            Assert.Contains("somebody else pushes under this name", Assert.IsType<ProblemException>(refused).Problem.Detail, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("weights 'mine' became others than", Assert.IsType<CommandException>(refused).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_parameters_of_VKDs_programs_are_found_and_obeyed()
    {
        var checkpoint = Save("logs/base/chk/chk_end", NetworkFiles.Reference(BackboneName.MobileNet, 3).Bytes());
        var parameters = Save("logs/base/params/hparams.json", """{"backbone_type":"mobilenet","num_classes":4,"pretrained":true}"""u8.ToArray());

        var refused = await ReidAsync("weights", "push", checkpoint);
        await File.WriteAllTextAsync(parameters, """{"backbone_type":"mobilenet","num_classes":3,"pretrained":true}""");
        var pushed = await ReidAsync("weights", "push", checkpoint, "--json");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("tells 3 identities apart, while hparams.json says 4", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, pushed.ExitCode);
        Assert.Contains("mobilenet, 3 identities.", pushed.Error, StringComparison.Ordinal);
        Assert.Equal(("base-chk-end", 3), (JsonElement.Parse(pushed.Output).GetProperty("name").GetString(), JsonElement.Parse(pushed.Output).GetProperty("identities").GetInt32()));
    }

    [Theory]
    [InlineData("there is no file 'nowhere.pth'", "nowhere.pth")]
    [InlineData("asks for os.system", "hostile.pth")]
    [InlineData("neither safetensors nor", "text.pth")]
    [InlineData("no name can be made of '_.pth'", "_.pth")]
    public async Task Refuses_before_anything_is_sent(string complaint, string file)
    {
        Save("hostile.pth", PickleBytes.Zip(PickleBytes.Dict(p => p.Global("os", "system")).Done()));
        Save("text.pth", "weights"u8.ToArray());
        Save("_.pth", ImageNet);

        var said = await CommandLine.RunAsync("weights", "push", Path.Combine(_folder, file).Replace(Path.Combine(_folder, "nowhere"), "nowhere", StringComparison.Ordinal), "--url", "http://127.0.0.1:9");

        Assert.Equal(2, said.ExitCode);
        Assert.Contains(complaint, said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_AlignedReIDs_program_computes_is_exported_with_its_names()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        using var model = ReidModel.Of(PublicNames.Aligned(BackboneName.ResNet18, new LocalBranchSpec(8)), 2);
        await _api.LeaveAsync(run, CheckpointOf(model));
        var file = Path.Combine(_folder, "aligned.pth");

        var said = await ReidAsync("weights", "export", run.ToString(), "-o", file);
        var pushed = await ReidAsync("weights", "push", file, "--name", "aligned");

        Assert.Equal((0, 0), (said.ExitCode, pushed.ExitCode));
        Assert.Contains("network    last stride 2, final ReLU, no neck, a local branch of 8 numbers a stripe", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("named as AlignedReID's program does", pushed.Output, StringComparison.Ordinal);
        await using var content = File.OpenRead(file);
        string[] names = [.. WeightsFile.Read(content, "back").Tensors.Select(tensor => tensor.Name)];
        Assert.All((string[])["base.conv1.weight", "local_conv.bias", "fc.bias"], name => Assert.Contains(name, names));
        using var loaded = PretrainedWeights.Load(WeightsManifest.Of(content, "aligned.pth", "", null, null, default), content);
        Assert.Equal(ReidModelTests.Bytes(model), ReidModelTests.Bytes(loaded.Model));
    }

    [Theory]
    [InlineData("weights.pth")]
    [InlineData("weights.safetensors")]
    public async Task A_runs_result_is_exported_with_the_references_names_and_can_be_pushed_again(string name)
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        using var model = ReidModel.Of(new ModelSpec(BackboneName.MobileNet), 2);
        WeightInit.Draw(model, 1, "test");
        await _api.LeaveAsync(run, CheckpointOf(model));
        var file = Path.Combine(_folder, name);

        var said = await ReidAsync("weights", "export", run.ToString(), "-o", file);
        var pushed = await ReidAsync("weights", "push", file, "--name", "mine");

        Assert.Equal(0, said.ExitCode);
        Assert.Contains("318 tensors", said.Output, StringComparison.Ordinal);
        Assert.Contains("matched    318 tensors", pushed.Output, StringComparison.Ordinal);
        await using var content = File.OpenRead(file);
        using var loaded = PretrainedWeights.Load(WeightsManifest.Of(content, name, "", null, null, default), content);
        Assert.Equal(ReidModelTests.Bytes(model), ReidModelTests.Bytes(loaded.Model));
    }

    [Fact]
    public async Task Pushed_weights_are_exported_with_the_references_names()
    {
        await _api.AddWeightsAsync("imagenet", ImageNet);
        var file = Path.Combine(_folder, "weights.pth");

        var said = await ReidAsync("weights", "export", "weights:imagenet", "-o", file);

        Assert.Contains("312 tensors", said.Output, StringComparison.Ordinal);
        await using var content = File.OpenRead(file);
        Assert.Equal(
            NetworkEntries.Of(new ModelSpec(BackboneName.MobileNet)).Where(entry => entry.Part == NetworkPart.Backbone).Select(entry => entry.Name),
            WeightsFile.Read(content, "back").Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public async Task An_export_of_what_is_not_there_or_to_where_it_cannot_be_says_what_to_do_and_leaves_nothing()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var training = (await _api.SubmitAsync()).ToString();
        var damaged = await _api.SubmitAsync(repeat: 1);
        await _api.LeaveAsync(damaged);
        var measuring = await _api.SubmitAsync(repeat: 2);
        await _api.EndAsync(measuring, RunState.Succeeded, Encoding.UTF8.GetString(ReidJson.Write(Report(measuring))));
        var there = Save("there.pth", [1]);

        await RefusedAsync("weights.onnx", "does not end in one of: .safetensors, .pth, .pt", "weights:imagenet");
        await RefusedAsync(there, "already", "weights:imagenet");
        await RefusedAsync("nowhere/weights.pth", "the folder of", "weights:imagenet");
        await RefusedAsync("weights.pth", "There are no weights 'nobody'", "weights:nobody");
        await RefusedAsync("weights.pth", "'nobody' names no network: a run's id (twenty lowercase hexadecimal digits", "nobody");
        await RefusedAsync("weights.pth", "'weights:No!' names no network", "weights:No!");
        await RefusedAsync("weights.pth", "There is no run '00000000000000000000'", "00000000000000000000");
        await RefusedAsync("weights.pth", "Conflict (HTTP 409)", training);
        await RefusedAsync("weights.pth", "left no checkpoint", measuring.ToString());
        await RefusedAsync("weights.pth", "the checkpoint cannot be read", damaged.ToString());
        Assert.Equal([there], Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));

        async Task RefusedAsync(string output, string complaint, string checkpoint)
        {
            var said = await ReidAsync("weights", "export", checkpoint, "-o", Path.Combine(_folder, output));
            Assert.NotEqual(0, said.ExitCode);
            Assert.Contains(complaint, said.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("fault of ReidCloud", said.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("push", "FILE")]
    [InlineData("list")]
    [InlineData("show", "mine")]
    [InlineData("export", "weights:mine", "-o", "OUT.pth")]
    public async Task Without_a_service_it_says_how_to_start_one(params string[] arguments)
    {
        Save("FILE", ImageNet);
        string[] placed = [.. arguments.Select(argument => argument is "FILE" or "OUT.pth" ? Path.Combine(_folder, argument) : argument)];

        var said = await CommandLine.RunAsync(["weights", .. placed, .. arguments[0] == "push" ? (string[])["--name", "mine"] : [], "--url", "http://127.0.0.1:9"]);

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("./reid up", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_matches_nothing_is_refused_with_the_networks_that_are_known()
    {
        var file = Save("other.safetensors", NetworkFiles.File([("encoder.weight", [3, 4])]).Bytes());

        var said = await ReidAsync("weights", "push", file, "--name", "other");
        var named = await ReidAsync("weights", "push", file, "--name", "Other!");

        Assert.Equal(2, said.ExitCode);
        Assert.Contains("none of its 1 tensors has a name and a shape of one of the networks that are known (resnet18,", said.Error, StringComparison.Ordinal);
        Assert.Contains("encoder.weight [3, 4]. Push the state dict of such a network", said.Error, StringComparison.Ordinal);
        Assert.Contains("'Other!' is no name of weights", named.Error, StringComparison.Ordinal);
        Assert.Contains("No weights.", (await ReidAsync("weights", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("There are no weights 'other'", (await ReidAsync("weights", "show", "other")).Error, StringComparison.Ordinal);
    }

    private static MetricReport Report(RunId run) => new(
        run.ToString(), new EvaluateSpec("mine", CheckpointRef.Pushed("imagenet")), [], new Lineage("data", [], "hash", "1", "1", "cpu", 1, "here", "now"), new RunCost(1, 0, 0));

    private static byte[] CheckpointOf(ReidModel model)
    {
        using var file = new MemoryStream();
        var head = new CheckpointHead(new TrainSpec("mine", model.Spec, new SupervisedSpec()), "hash", ["p", "q"], "model", 1, 0);
        Checkpoint.Write(file, head, [.. Checkpoint.Entries("model", model)]);
        return file.ToArray();
    }

    private string Save(string name, byte[] bytes)
    {
        var file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        return file;
    }

    private Task<CommandLine> ReidAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--url", _api.Address.ToString()]);

    /// <summary>Lets something happen between a push's upload and the push itself.</summary>
    private sealed class BeforePush(Func<HttpRequestMessage, Task> happens) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Put)
            {
                await happens(request);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
