using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>The terms of an objective under their names, unweighted, and their weighted sum.</summary>
internal sealed record StepLosses(IReadOnlyList<(string Name, Tensor Value)> Terms, Tensor Total);

/// <summary>A method's losses with their names (their kinds in JSON) and weights. A kind that is asked for twice is told apart by a number.</summary>
internal sealed class WeightedLosses
{
    private readonly (string Name, double Weight, Loss Loss)[] _losses;

    public WeightedLosses(IReadOnlyList<LossSpec> specs) =>
        _losses = [.. specs.Select((spec, place) => (Name(specs, place), spec.Weight, LossRegistry.Create(spec)))];

    public StepLosses Of(LossInputs inputs)
    {
        Tensor? total = null;
        var terms = new List<(string, Tensor)>(_losses.Length);
        foreach (var (name, weight, loss) in _losses)
        {
            var value = loss.Of(inputs);
            terms.Add((name, value));
            var weighted = weight == 1 ? value : value * weight;
            total = total is null ? weighted : total + weighted;
        }

        return new StepLosses(terms, total ?? throw new InvalidOperationException("a method without losses cannot train"));
    }

    private static string Name(IReadOnlyList<LossSpec> specs, int place)
    {
        var name = SpecKinds.NameOf(specs[place]);
        var earlier = specs.Take(place).Count(spec => SpecKinds.NameOf(spec) == name);
        return earlier == 0 ? name : $"{name}-{earlier + 1}";
    }
}
