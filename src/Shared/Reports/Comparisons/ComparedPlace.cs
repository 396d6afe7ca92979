using System.Text.Json;
using System.Text.Json.Nodes;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

/// <summary>
/// A place at which the runs are not the same, as a JSON path, and what stands there in each, as JSON; null where nothing does. Where whole parts are of other
/// kinds, each of their members is a place of its own.
/// </summary>
public sealed record ComparedPlace(string Path, IReadOnlyList<string?> Values)
{
    internal static IReadOnlyList<ComparedPlace> OfSpecs(IReadOnlyList<RunSpec> specs) => Of([.. specs.Select(spec => JsonNode.Parse(ReidJson.Canonical(spec)))]);

    /// <summary>Without how often it was begun, which changes nothing, and without the outcome itself.</summary>
    internal static IReadOnlyList<ComparedPlace> OfLineages(IReadOnlyList<Lineage> lineages) =>
        Of([.. lineages.Select(lineage => JsonSerializer.SerializeToNode(lineage with { Attempts = 0, CheckpointSha256 = "" }, ReidJson.Options))]);

    internal static IReadOnlyList<ComparedPlace> OfEvaluations(IReadOnlyList<EvaluationSpec?> evaluations) =>
        Of([.. evaluations.Select(evaluation => JsonSerializer.SerializeToNode(evaluation, ReidJson.Options))], "$.evaluation");

    private static IReadOnlyList<ComparedPlace> Of(IReadOnlyList<JsonNode?> roots, string path = "$") => [.. Differing(path, roots)];

    private static IEnumerable<ComparedPlace> Differing(string path, IReadOnlyList<JsonNode?> nodes)
    {
        if (nodes.All(node => JsonNode.DeepEquals(node, nodes[0])))
        {
            return [];
        }

        return nodes.All(node => node is JsonObject)
                ? Members(nodes).SelectMany(name => Differing($"{path}.{name}", [.. nodes.Select(node => node![name])]))
            : nodes.All(node => node is JsonArray array && array.Count == nodes[0]!.AsArray().Count)
                ? Enumerable.Range(0, nodes[0]!.AsArray().Count).SelectMany(i => Differing($"{path}[{i}]", [.. nodes.Select(node => node![i])]))
            : [new ComparedPlace(path, [.. nodes.Select(node => node?.ToJsonString(ReidJson.Options))])];
    }

    private static IEnumerable<string> Members(IReadOnlyList<JsonNode?> nodes) =>
        nodes.SelectMany(node => node!.AsObject().Select(member => member.Key)).Distinct();
}
