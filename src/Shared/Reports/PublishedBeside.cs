using System.Text.Json.Nodes;
using ReidCloud.Specs;

namespace ReidCloud.Reports;

/// <summary>
/// What the authors of a recipe reached where a run followed theirs: its request is a preset's but for the data set's name, what it was distilled from, seed, repeat and limits. A run on another content
/// than theirs, or with one member changed, is no repetition and stands alone.
/// </summary>
public sealed record PublishedBeside(Preset Preset, IReadOnlyList<(PublishedFigure Published, SettingMetrics Measured)> Figures)
{
    /// <summary>Null where no preset is that, or none of its figures was measured.</summary>
    public static PublishedBeside? Of(MetricReport report)
    {
        if (report.Spec is not TrainSpec { Validation: null })
        {
            return null;
        }

        var recipe = Recipe(report.Spec);
        List<Preset> same = [.. Presets.All.Where(preset => preset.Published.Count > 0 && Recipe(preset.Spec) == recipe)];
        return Choice(same, report.Spec.Dataset) is { } preset
            && Pairs(preset, report) is { Count: > 0 } pairs
            ? new PublishedBeside(preset, pairs)
            : null;
    }

    /// <summary>One recipe may have been published of several data sets: then the name must say which of them it is.</summary>
    private static Preset? Choice(IReadOnlyList<Preset> same, string dataset) =>
        same.FirstOrDefault(preset => preset.Spec.Dataset == dataset) ?? (same.Select(preset => preset.Spec.Dataset).Distinct().Count() == 1 ? same[0] : null);

    /// <summary>Of the test on the recipe's own data; figures of its other networks beside those of the same peer.</summary>
    private static IReadOnlyList<(PublishedFigure Published, SettingMetrics Measured)> Pairs(Preset preset, MetricReport report) =>
    [
        .. from published in preset.Published
           where published.Dataset is null
           let settings = published.Peer is null or 1 ? report.Settings : report.Peers.FirstOrDefault(peer => peer.Peer == published.Peer)?.Settings ?? []
           let measured = settings.FirstOrDefault(metrics => metrics.Name == published.Name)
           where measured is { QueriesWithMatch: > 0 }
           select (published, measured),
    ];

    private static string Recipe(RunSpec spec)
    {
        var root = JsonNode.Parse(ReidJson.Canonical(spec with { Dataset = "any", Seed = 0, Repeat = 0, Limits = new LimitsSpec() }))!.AsObject();
        if (root["method"] is JsonObject method)
        {
            foreach (var place in new[] { "teacher", "student", "alone" })
            {
                method.Remove(place);
            }
        }

        return root.ToJsonString();
    }
}
