using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// In which ways a setting is searched, in the order of a report; across modalities in both directions. For each distance in the order of the spec: plain, with several images a query, with expanded features, with both; then
/// all of these re-ranked. Only global features are expanded, and only images, not videos, are searched for with further images. The first is global and plain: insights and the gallery curve are of it alone.
/// </summary>
internal static class RetrievalForms
{
    public static IReadOnlyList<RetrievalVariant> Of(EvaluationSpec spec, RetrievalSetting setting) =>
    [
        .. from reversed in Choices(spec.Protocol == RetrievalProtocol.CrossModality)
           from distance in spec.Distances
           from reRanked in Choices(spec.ReRanking is not null)
           from expanded in Choices(spec.QueryExpansion is not null && distance == RetrievalDistance.Global)
           from multiQuery in Choices(spec.MultiQuery is not null && RetrievalSets.MediaOf(setting).Query == Medium.Image)
           select new RetrievalVariant { Distance = distance, ReRanked = reRanked, QueryExpansion = expanded, MultiQuery = multiQuery, Reversed = reversed },
    ];

    /// <summary>What is measured while a model trains: each distance by itself, since the rest takes long.</summary>
    public static EvaluationSpec OnTheWay(EvaluationSpec spec) => spec with { ReRanking = null, QueryExpansion = null, MultiQuery = null, Cmc = [], FalsePositiveRates = [] };

    private static IEnumerable<bool> Choices(bool isAsked) => isAsked ? [false, true] : [false];
}
