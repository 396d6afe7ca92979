using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Golden;
using ReidCloud.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models.Backbones;

/// <summary>
/// A network computed a second time, layer by layer as its paper's program writes it down, from the product's own tensors under their public names: in double precision, norms by
/// their formula.
/// </summary>
internal abstract class PublicArchitecture
{
    private readonly Dictionary<string, Tensor> _tensors;
    private readonly bool _training;

    protected PublicArchitecture(ReidModel model, bool training)
    {
        var names = NetworkEntries.Of(model.Spec).Where(entry => entry.Public is not null).ToDictionary(entry => entry.Name, entry => entry.Public!, StringComparer.Ordinal);
        _tensors = model.State().Where(entry => names.ContainsKey(entry.Name)).ToDictionary(entry => names[entry.Name], entry => entry.Value, StringComparer.Ordinal);
        _training = training;
    }

    /// <summary>A network in double precision whose numbers all say something, norms that have seen batches. The caller disposes it.</summary>
    public static ReidModel Filled(ModelSpec spec)
    {
        var model = ReidModel.Of(spec, 3);
        using var frozen = no_grad();
        foreach (var (name, value) in model.State())
        {
            var kind = (name[(name.LastIndexOf('.') + 1)..], value.dim()) switch
            {
                ("weight", 4) => "conv.weight",
                ("weight", 2) => "linear.weight",
                (var part, _) => $"bn.{part}",
            };
            using var fill = tensor(GoldenFill.Values(name, kind, value.shape), value.shape);
            value.copy_(fill);
        }

        return model.to(ScalarType.Float64);
    }

    /// <summary>The same map and feature, and the same gradients in every parameter that has one.</summary>
    public static void RequireSame(ReidModel model, bool training, Func<ReidModel, PublicArchitecture> written)
    {
        using var scope = NewDisposeScope();
        var images = tensor([.. GoldenFill.Signs("images").Take(3 * 3 * 64 * 32)], [3, 3, 64, 32], ScalarType.Float64);
        model.train(training);
        var (map, feature) = written(model).Of(images);
        var expected = Gradients(model, map, feature);
        var output = model.Backbone.call(images);
        Assert.True(output.allclose(map, 1e-9, 1e-11), "the map");
        var own = ((SingleViewModel)model).OfMap(output).Feature_ND;
        Assert.True(own.allclose(feature, 1e-9, 1e-11), "the feature");
        var actual = Gradients(model, output, own);
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, entry => Assert.True(actual[entry.Key].allclose(entry.Value, 1e-6, 1e-9 + (1e-8 * entry.Value.abs().max().item<double>())), entry.Key));
    }

    /// <summary>Map and feature.</summary>
    public abstract (Tensor Map, Tensor Feature) Of(Tensor images);

    protected bool Has(string name) => _tensors.ContainsKey($"{name}.weight");

    protected Tensor Convolve(string name, Tensor input, long stride = 1, bool bias = false)
    {
        var weight = _tensors[$"{name}.weight"];
        return nn.functional.conv2d(
            input, weight, bias ? _tensors[$"{name}.bias"] : null, strides: [stride, stride], padding: [weight.shape[2] / 2, weight.shape[3] / 2], groups: input.shape[1] / weight.shape[1]);
    }

    protected Tensor Linear(string name, Tensor input) => input.matmul(_tensors[$"{name}.weight"].t()) + _tensors[$"{name}.bias"];

    /// <summary>Of maps or vectors.</summary>
    protected Tensor BatchNorm(string name, Tensor input)
    {
        long[] others = input.dim() == 4 ? [0, 2, 3] : [0];
        var (mean, variance) = _training
            ? (input.mean(others, keepdim: true), (input - input.mean(others, keepdim: true)).square().mean(others, keepdim: true))
            : (Along(_tensors[$"{name}.running_mean"], input), Along(_tensors[$"{name}.running_var"], input));
        return Scaled(name, input, mean, variance);
    }

    protected Tensor InstanceNorm(string name, Tensor input)
    {
        var mean = input.mean([2, 3], keepdim: true);
        return Scaled(name, input, mean, (input - mean).square().mean([2, 3], keepdim: true));
    }

    private Tensor Scaled(string name, Tensor input, Tensor mean, Tensor variance) =>
        (input - mean) / (variance + 1e-5).sqrt() * Along(_tensors[$"{name}.weight"], input) + Along(_tensors[$"{name}.bias"], input);

    private static Tensor Along(Tensor values, Tensor input) => input.dim() == 4 ? values.view(1, -1, 1, 1) : values;

    private static Dictionary<string, Tensor> Gradients(ReidModel model, Tensor map, Tensor feature)
    {
        var signs = (Tensor of, string name) => tensor([.. GoldenFill.Signs(name).Take((int)of.numel())], of.shape, ScalarType.Float64);
        ((map * signs(map, "map")).sum() + (feature * signs(feature, "feature")).sum()).backward();
        var gradients = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, value) in model.State())
        {
            if (value.grad is { } gradient)
            {
                gradients[name] = gradient.clone();
                gradient.zero_();
            }
        }

        return gradients;
    }
}
