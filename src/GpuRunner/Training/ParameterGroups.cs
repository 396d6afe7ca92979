using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using TorchSharp.Modules;

namespace ReidCloud.GpuRunner.Training;

/// <summary>Which of an optimizer's groups each trainable parameter belongs to: the first that it fits, or none.</summary>
internal static class ParameterGroups
{
    /// <exception cref="SpecException">A group has no parameter in this model.</exception>
    public static (string Name, Parameter Value, double RateFactor, double WeightDecay)[] Of(OptimizerSpec spec, ReidModel model)
    {
        var state = model.State();

        // Of all weights only those of norms are a number a channel.
        var norms = state.Where(entry => entry.Name.EndsWith(".weight", StringComparison.Ordinal) && entry.Value.dim() == 1).Select(entry => Module(entry.Name)).ToHashSet();
        var used = new HashSet<ParameterGroupSpec>();
        var parameters = new List<(string, Parameter, double, double)>();
        foreach (var (name, value) in state)
        {
            if (value is not Parameter { requires_grad: true } parameter)
            {
                continue;
            }

            var group = spec.Groups.FirstOrDefault(group => Fits(group.Parameters, model, name, norms));
            parameters.Add((name, parameter, group?.LearningRateFactor ?? 1, group?.WeightDecay ?? spec.WeightDecay));
            if (group is not null)
            {
                used.Add(group);
            }
        }

        foreach (var (i, group) in spec.Groups.Index().Where(group => !used.Contains(group.Item)))
        {
            throw new SpecException(
                $"$.optimizer.groups[{i}]",
                $"has no effect: of {NameConverterFactory.NameOf(group.Parameters)} this model has none that no group before it takes; leave it out");
        }

        return [.. parameters];
    }

    private static bool Fits(ParameterKind kind, ReidModel model, string name, HashSet<string> norms) => kind switch
    {
        ParameterKind.Backbone => model.InBackbone(name) is not null,
        ParameterKind.Head => model.InBackbone(name) is null,
        ParameterKind.Bottlenecks => model is MultiViewModel && MultiViewModel.IsOfBottleneck(name),
        ParameterKind.Biases => name.EndsWith(".bias", StringComparison.Ordinal),
        ParameterKind.Norms => norms.Contains(Module(name)),
    };

    private static string Module(string entry) => entry[..entry.LastIndexOf('.')];
}
