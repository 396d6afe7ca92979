using System.Text.Json;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Golden;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models.Backbones;

public sealed class ResNetTests : TorchTests
{
    private const int ClassesOfTheTables = 7;

    /// <summary>The tables list name, kind, shape and whether it learns, in state-dict order, as the reference program has them.</summary>
    [Theory]
    [InlineData(BackboneName.ResNet18)]
    [InlineData(BackboneName.ResNet34)]
    [InlineData(BackboneName.ResNet50)]
    [InlineData(BackboneName.ResNet101)]
    public void Has_the_references_state_dict(BackboneName backbone)
    {
        using var model = new ReidModel(new ModelSpec(backbone), ClassesOfTheTables);

        var rows = model.State().Select(entry => string.Join('\t', entry.Name, Shape(entry.Value), entry.Value is TorchSharp.Modules.Parameter { requires_grad: true } ? "1" : "0"));

        var name = JsonSerializer.Serialize(backbone, ReidJson.Options).Trim('"');
        var table = File.ReadLines(Path.Combine(GoldenFolder.Own, "names", $"vkd.{name}.tsv")).Skip(1).Select(line => line.Split('\t'));
        Assert.Equal(table.Select(cells => string.Join('\t', cells[0], cells[2], cells[3])), rows);
    }

    [Theory]
    [InlineData(1, 16, 8)]
    [InlineData(2, 8, 4)]
    public void The_last_stage_keeps_or_halves_the_resolution(int lastStride, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var backbone = BackboneRegistry.Create(new ModelSpec(BackboneName.ResNet18) { LastStride = lastStride });

        Assert.Equal([1, 512, height, width], backbone.call(zeros(1, 3, 256, 128)).shape);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Only_a_final_relu_makes_features_non_negative(bool finalRelu)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var model = new ReidModel(new ModelSpec(BackboneName.ResNet18) { FinalRelu = finalRelu }, 2);
        WeightInit.Draw(model, 1, "test");
        foreach (var norm in model.modules().OfType<BatchNorm>())
        {
            norm.get_parameter("weight")!.fill_(1);
        }

        model.train();
        var smallest = model.Backbone.call(randn([2, 3, 64, 32])).min().item<float>();

        Assert.Equal(finalRelu, smallest >= 0);
    }

    private static string Shape(Tensor value) => value.dim() == 0 ? "scalar" : string.Join('x', value.shape);
}
