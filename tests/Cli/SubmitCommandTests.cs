using System.Text.Json;
using ReidCloud.Specs;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Cli;

/// <summary>The published experiments, asked for by name: `reid submit --preset …` to a system that answers.</summary>
public sealed class SubmitCommandTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mars", "p", "q");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_preset_whose_initial_weights_were_not_pushed_says_how_to_push_them()
    {
        var refused = await ReidAsync("submit", "--preset", "vkd-mars-resnet50-teacher");
        var scratch = await SubmittedAsync("--preset", "vkd-mars-resnet50-teacher", "--from-scratch");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(
            "fetch torchvision's resnet50-19c8e357.pth, then: reid weights push resnet50-19c8e357.pth --name imagenet-resnet50", refused.Error, StringComparison.Ordinal);
        Assert.Null(scratch.Spec.InitialWeights);
    }

    [Fact]
    public async Task Where_nothing_is_found_across_cameras_the_camera_less_protocol_is_chosen_and_said()
    {
        var table = "path,identity,split\na.bmp,p,train\nb.bmp,q,train\nc.bmp,r,query\nd.bmp,r,gallery\n"u8.ToArray();
        await _api.UploadAsync("blind", ApiDatasets.Zip([("manifest.csv", table), .. "abcd".Select((letter, i) => ($"{letter}.bmp", ApiDatasets.Bitmap((byte)i)))]));
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/blind");

        var said = await ReidAsync("submit", "--preset", "debug-teacher", "--dataset", "blind");
        var trained = await SubmittedAsync("--preset", "debug-teacher", "--dataset", "blind");
        var named = await ReidAsync("submit", "--preset", "debug-teacher", "--dataset", "blind", "--set", "evaluation.protocol=cross-camera");
        var evaluated = await ReidAsync("evaluate", trained.Run, "--dataset", "blind", "--json");
        var across = await ReidAsync("evaluate", trained.Run, "--dataset", "blind", "--protocol", "cross-camera");

        Assert.Contains("blind does not say which camera saw what: measured by the protocol camera-less", said.Error + said.Output, StringComparison.Ordinal);
        Assert.Equal(RetrievalProtocol.CameraLess, trained.Spec.Evaluation.Protocol);
        Assert.Contains("\"camera-less\"", evaluated.Output, StringComparison.Ordinal);
        Assert.All([named, across], refused => Assert.Contains("$.evaluation.protocol", refused.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_published_experiment_is_a_chain_of_presets()
    {
        await _api.AddWeightsAsync("imagenet-mobilenet", NetworkFiles.Torchvision(BackboneName.MobileNet).Bytes());

        var teacher = await SubmittedAsync("--preset", "vkd-mars-mobilenet-teacher");
        var student = await SubmittedAsync("--preset", "vkd-mars-mobilenet-student", "--teacher", teacher.Run);
        var second = await SubmittedAsync("--preset", "vkd-mars-mobilenet-student", "--teacher", student.Run, "--set", "optimizer.learningRate=1e-5");
        var deep = await SubmittedAsync("--preset", "vkd-mars-resnet101-teacher", "--from-scratch");
        var across = await SubmittedAsync("--preset", "vkd-mars-resnet101-to-mobilenet", "--teacher", deep.Run, "--student", teacher.Run);
        var unpublished = await SubmittedAsync("--preset", "vkd-mars-mobilenet-student", "--teacher", deep.Run, "--student", teacher.Run);

        Assert.Equal(across.Spec.Parents, unpublished.Spec.Parents);
        Assert.Equal(CheckpointRef.Pushed("imagenet-mobilenet"), teacher.Spec.InitialWeights);
        Assert.Equal(new CheckpointRef(teacher.Run), ((ViewDistillationSpec)student.Spec.Method).Teacher);
        Assert.Equal((new CheckpointRef(student.Run), 1e-5), (((ViewDistillationSpec)second.Spec.Method).Teacher, second.Spec.Optimizer.LearningRate));
        Assert.Equal([new CheckpointRef(deep.Run), new CheckpointRef(teacher.Run)], across.Spec.Parents.Select(parent => parent.Checkpoint));
    }

    [Fact]
    public async Task Peers_can_be_compared_with_a_network_that_was_trained_alone()
    {
        var alone = await SubmittedAsync("--preset", "demo-aligned", "--dataset", "mars");
        var peers = await SubmittedAsync("--preset", "demo-aligned-mutual", "--dataset", "mars", "--alone", alone.Run);
        var refused = await ReidAsync("submit", "--preset", "demo-aligned", "--alone", alone.Run);

        Assert.Equal(new CheckpointRef(alone.Run), ((MutualLearningSpec)peers.Spec.Method).Alone);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("$.method.alone.run", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pushed_checkpoints_teach_and_start_students()
    {
        await _api.AddWeightsAsync("base", NetworkFiles.Reference(BackboneName.MobileNet, 2).Bytes());

        var student = await SubmittedAsync("--preset", "vkd-mars-mobilenet-student", "--teacher", "weights:base");
        var across = await SubmittedAsync("--preset", "vkd-mars-resnet101-to-mobilenet", "--teacher", "weights:base", "--student", "weights:base");
        var refused = await ReidAsync("submit", "--preset", "vkd-mars-resnet50-to-resnet34", "--from-scratch", "--teacher", "weights:base", "--student", "weights:base");

        Assert.Equal(CheckpointRef.Pushed("base"), Assert.Single(student.Spec.Parents).Checkpoint);
        Assert.All(across.Spec.Parents, parent => Assert.Equal(CheckpointRef.Pushed("base"), parent.Checkpoint));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("weights 'base' are of mobilenet, while $.model.backbone is resnet34", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>A run as the answer shows it.</summary>
    private async Task<(string Run, TrainSpec Spec)> SubmittedAsync(params string[] arguments)
    {
        var said = await ReidAsync(["submit", .. arguments, "--json"]);
        Assert.True(said.ExitCode == 0, said.Error);
        var view = JsonElement.Parse(said.Output);
        return (view.GetProperty("id").GetString()!, (TrainSpec)view.GetProperty("spec").Deserialize<RunSpec>(ReidJson.Options)!);
    }

    private Task<CommandLine> ReidAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--url", _api.Address.ToString()]);
}
