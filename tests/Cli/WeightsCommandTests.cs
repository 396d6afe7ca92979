using System.Text.Json;
using ReidCloud.GpuRunner.Models;
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
        var shown = await ReidAsync("weights", "show", "mobilenet-v2-b0353104");
        var listed = await ReidAsync("weights", "list");

        Assert.Equal((0, ""), (pushed.ExitCode, pushed.Error.Contains("reid:", StringComparison.Ordinal) ? pushed.Error : ""));
        Assert.StartsWith("Weights mobilenet-v2-b0353104: mobilenet, no head", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("matched    312 tensors", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("missing    6: the head, which starts afresh", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("left over  2: fc.weight, fc.bias", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("are there already", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Uploading", again.Error, StringComparison.Ordinal);
        Assert.Equal(pushed.Output, again.Output);
        Assert.Equal(pushed.Output, shown.Output);
        Assert.Contains("mobilenet-v2-b0353104", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_parameters_of_VKDs_programs_are_found_and_obeyed()
    {
        var checkpoint = Save("logs/base/chk/chk_end", NetworkFiles.Reference(BackboneName.MobileNet, 3).Bytes());
        var parameters = Save("logs/base/params/hparams.json", """{"backbone_type":"mobilenet","num_classes":4,"pretrained":true}"""u8.ToArray());

        var refused = await ReidAsync("weights", "push", checkpoint);
        await File.WriteAllTextAsync(parameters, """{"backbone_type":"mobilenet","num_classes":3,"pretrained":true}""");
        var pushed = await ReidAsync("weights", "push", checkpoint, "--name", "base", "--json");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("tells 3 identities apart, while hparams.json says 4", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, pushed.ExitCode);
        Assert.Contains("mobilenet, 3 identities.", pushed.Error, StringComparison.Ordinal);
        Assert.Equal(3, JsonElement.Parse(pushed.Output).GetProperty("identities").GetInt32());
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

    [Theory]
    [InlineData("weights.pth")]
    [InlineData("weights.safetensors")]
    public async Task A_runs_result_is_exported_with_the_references_names_and_can_be_pushed_again(string name)
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        using var model = new ReidModel(new ModelSpec(BackboneName.MobileNet), 2);
        WeightInit.Draw(model, 1, "test");
        await _api.LeaveAsync(run, CheckpointOf(model));
        var file = Path.Combine(_folder, name);

        var said = await ReidAsync("weights", "export", run.ToString(), "--output", file);
        var pushed = await ReidAsync("weights", "push", file, "--name", "mine");
        var wrong = await ReidAsync("weights", "export", run.ToString(), "--output", Path.Combine(_folder, "weights.onnx"));

        Assert.Equal(0, said.ExitCode);
        Assert.Contains("318 tensors", said.Output, StringComparison.Ordinal);
        Assert.Contains("matched    318 tensors", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("does not end in one of: .safetensors, .pth, .pt", wrong.Error, StringComparison.Ordinal);
        await using var content = File.OpenRead(file);
        using var loaded = PretrainedWeights.Load(WeightsManifest.Of(content, name, "", null, null, default), content);
        Assert.Equal(ReidModelTests.Bytes(model), ReidModelTests.Bytes(loaded.Model));
    }

    [Fact]
    public async Task Pushed_weights_are_exported_with_the_references_names()
    {
        await _api.AddWeightsAsync("imagenet", ImageNet);
        var file = Path.Combine(_folder, "weights.pth");

        var said = await ReidAsync("weights", "export", "imagenet", "--output", file);
        var unknown = await ReidAsync("weights", "export", "nobody", "--output", file);

        Assert.Contains("312 tensors", said.Output, StringComparison.Ordinal);
        Assert.Contains("There are no weights 'nobody'", unknown.Error, StringComparison.Ordinal);
        await using var content = File.OpenRead(file);
        Assert.Equal(
            NetworkEntries.Of(BackboneName.MobileNet).Where(entry => entry.Part == NetworkPart.Backbone).Select(entry => entry.Name),
            WeightsFile.Read(content, "back").Tensors.Select(tensor => tensor.Name));
    }

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
}
