using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>A learner's losses with their names (their kinds in JSON) and weights. A kind that is asked for twice is told apart by a number.</summary>
internal sealed class WeightedLosses : IDisposable
{
    private readonly (string Name, double Weight, Loss Loss)[] _losses;

    public WeightedLosses(IReadOnlyList<LossSpec> specs, int identities, int featureDim) =>
        _losses = [.. specs.Select((spec, place) => (Name(specs, place), spec.Weight, LossRegistry.Create(spec, identities, featureDim)))];

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

    /// <summary>What the losses themselves learn, by name: the tensors are theirs.</summary>
    public IEnumerable<(string Name, Tensor Value)> State() => Learned().Select(learned => ($"{learned.Name}.{learned.Tensor.Name}", (Tensor)learned.Tensor.Value));

    /// <summary>One step of what the losses themselves learn, with the gradients that are there, of the weighted values: the weight is taken out again.</summary>
    public void Step()
    {
        using var frozen = no_grad();
        foreach (var (_, weight, learned) in Learned())
        {
            using var scope = NewDisposeScope();
            if (learned.Value.grad is { } gradient)
            {
                learned.Value.add_(gradient, -learned.LearningRate / weight);
                learned.Value.grad = null;
            }
        }
    }

    public void MoveTo(Device device)
    {
        foreach (var (_, _, loss) in _losses)
        {
            loss.MoveTo(device);
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, loss) in _losses)
        {
            loss.Dispose();
        }
    }

    private IEnumerable<(string Name, double Weight, LearnedTensor Tensor)> Learned() =>
        from loss in _losses
        where loss.Loss.Learned is not null
        select (loss.Name, loss.Weight, loss.Loss.Learned);

    private static string Name(IReadOnlyList<LossSpec> specs, int place)
    {
        var name = SpecKinds.NameOf(specs[place]);
        var earlier = specs.Take(place).Count(spec => SpecKinds.NameOf(spec) == name);
        return earlier == 0 ? name : $"{name}-{earlier + 1}";
    }
}
