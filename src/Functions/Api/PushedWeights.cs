using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Functions.Api;

/// <summary>What pushed weights must be so that a spec may name them where it does.</summary>
internal static class PushedWeights
{
    /// <param name="identities">How many the data set trains on.</param>
    /// <returns>What they are, by the place where the spec names them.</returns>
    /// <exception cref="SpecException">There are none of that name, or they cannot be what they are to be.</exception>
    public static async Task<IReadOnlyDictionary<string, WeightsManifest>> RequireAsync(RunSpec spec, WeightsStore store, Func<Task<int>> identities, CancellationToken cancellationToken)
    {
        var errors = new List<SpecError>();
        var found = new Dictionary<string, WeightsManifest>(StringComparer.Ordinal);
        foreach (var (path, checkpoint) in spec.Parents.Where(parent => parent.Checkpoint.Weights is not null))
        {
            var name = checkpoint.Weights!;
            string? fault;
            if (await store.GetAsync(name, cancellationToken) is { } weights)
            {
                found.Add(path, weights);
                fault = await FaultAsync(spec, path, name, weights, identities);
            }
            else
            {
                fault = $"there are no weights '{name}'; {ImageNetWeights.Remedy(name)}";
            }

            if (fault is not null)
            {
                errors.Add(new SpecError($"{path}.weights", fault));
            }
        }

        return errors.Count == 0 ? found : throw new SpecException(errors);
    }

    private static async Task<string?> FaultAsync(RunSpec spec, string path, string name, WeightsManifest weights, Func<Task<int>> identities) => (spec, path) switch
    {
        (TrainSpec train, "$.initialWeights" or "$.method.student") when !StartRules.CanStart(train.Model.Backbone, weights.Model.Backbone)
            || (path == "$.method.student" && train.Model.Backbone != weights.Model.Backbone) =>
            $"weights '{name}' are of {NameConverterFactory.NameOf(weights.Model.Backbone)}, while $.model.backbone is {NameConverterFactory.NameOf(train.Model.Backbone)}; name weights of that",
        (_, "$.method.teacher") when weights.Identities is null =>
            $"weights '{name}' have no classifier, only a backbone, so they cannot teach; name those of a network that was trained on '{spec.Dataset}'",
        (_, "$.method.student") when weights.Identities is null =>
            $"weights '{name}' have no classifier, only a backbone, so they are no student's first stage; name those of a network that was trained on '{spec.Dataset}', or these in $.initialWeights",
        (_, "$.method.teacher" or "$.method.student") when await identities() is var here && weights.Identities != here =>
            $"weights '{name}' tell {weights.Identities} identities apart, while '{spec.Dataset}' trains on {here}: they were trained on others and cannot {(path == "$.method.teacher" ? "teach" : "be a student's start")} here",
        (ExplainSpec, _) when weights.Identities is null =>
            $"weights '{name}' have no classifier, only a backbone, so there is no decision to explain; name those of a network that was trained to tell identities apart",
        _ => null,
    };
}
