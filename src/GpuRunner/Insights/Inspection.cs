using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>
/// Looks behind the figures of a model that was measured, beside those of another where there is one: all that a report shows and needs embeddings for. Both
/// were measured on the same items. Of the forms in which a setting was measured it is the plain one, global and first: others have figures only. The same embeddings give the same bytes.
/// </summary>
/// <param name="beat">Is called after every piece of work.</param>
internal sealed class Inspection(DatasetFrames frames, EvaluationSpec spec, long seed, Device device, Action beat, CancellationToken stop)
{
    private const int MostGroups = 20;

    private readonly SettingItems _items = new(frames.Manifest, spec);
    private readonly ItemNames _names = new(frames.Manifest);
    private readonly Thumbnails _pictures = new(frames);
    private readonly List<string> _warnings = [];

    /// <summary>What could not be shown, and why.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <param name="sameClasses">Both classifiers tell the same identities apart, in the same order.</param>
    public ReportInsights Of(InspectedModel model, InspectedModel? other, bool sameClasses)
    {
        var insights = new ReportInsights(ManifestFacts.Of(frames.Manifest)) { Settings = [.. spec.Settings.Select(setting => Setting(setting, model, other))] };
        return spec.Settings is not [var first, ..] ? insights : insights with
        {
            Map = new EmbeddingMaps(spec, _names, seed, stop).Of(first, _items.Queries(first), _items.Of(_items.GallerySet(first)), Sets(first, model)),
            Health = other is null ? null : Health(first, model, other, sameClasses),
            Attention = Attention(first, model, other),
        };
    }

    /// <summary>The model's figures by whether its training saw the cameras.</summary>
    public IReadOnlyList<KnownCameraFigures> KnownCameras(InspectedModel model, IReadOnlySet<int> known) =>
        [.. spec.Settings.SelectMany(setting => Search(setting, model, sets => Insights.KnownCameras.Measure(setting, sets, known, spec, beat, stop)))];

    private SettingInsights Setting(RetrievalSetting setting, InspectedModel model, InspectedModel? other)
    {
        var (queries, gallery) = (_items.Queries(setting), _items.Gallery(setting));
        var (figures, others) = (model.Measured.Plain(setting), other?.Measured.Plain(setting));
        return Search(setting, model, other, (sets, otherSets) => new SettingInsights(setting)
        {
            Queries = [.. queries.Select((item, i) => Outcome(item, figures.Queries[i], others?.Queries[i]))],
            CameraPairs = !frames.Manifest.HasCameras ? [] : CameraPairs.Measure(sets.Queries, sets.Gallery, spec, frames.Manifest.Cameras, beat, stop),
            RankLists = new RankLists(spec, _names, _pictures, stop).Of(queries, gallery, figures, sets, others, otherSets),
        });
    }

    private QueryOutcome Outcome(RetrievalItem item, QueryFigures? figures, QueryFigures? other) => new(
        _names.Item(item),
        _names.Identity(item.Sighting) ?? ManifestCsv.Distractor,
        _names.Camera(item.Sighting),
        figures?.FirstMatch,
        figures?.MapStandard,
        figures?.MapTrapezoidal,
        figures?.Minp) { Found = figures?.Found, AgainstPrecisionStandard = other?.MapStandard };

    private DistillationHealth? Health(RetrievalSetting setting, InspectedModel model, InspectedModel other, bool sameClasses)
    {
        if (Search(setting, model, other, (sets, others) => OrderAgreement.Measure(sets, others!, spec, beat, stop)) is not { } agreement)
        {
            return null;
        }

        var (figures, others) = (model.Measured.Plain(setting), other.Measured.Plain(setting));
        var changes = _items.Queries(setting).Index()
            .Select(item => (Seen: item.Item.Sighting, Here: figures.Queries[item.Index], There: others.Queries[item.Index]))
            .Where(query => query.Here is not null)
            .Select(query => (query.Seen, Change: query.Here!.Value.MapStandard - query.There!.Value.MapStandard))
            .ToList();
        return new DistillationHealth(
            setting, agreement.RankCorrelation, OrderAgreement.Neighbors, agreement.NeighborOverlap, sameClasses ? Divergence(setting, model, other) : null)
        {
            Identities = Worse(changes.Select(query => (frames.Manifest.Identities[query.Seen.Identity], query.Change))),
            Cameras = Worse(changes.Select(query => (_names.Camera(query.Seen), query.Change))),
        };
    }

    private static IReadOnlyList<GroupChange> Worse(IEnumerable<(string Name, double Change)> queries) =>
    [
        .. queries.GroupBy(query => query.Name, (name, group) => (Name: name, Changes: group.Select(query => query.Change).ToList()))
            .Select(group => new GroupChange(group.Name, group.Changes.Count, group.Changes.Average()))
            .Where(group => group.Difference < 0).OrderBy(group => group.Difference).Take(MostGroups),
    ];

    private double? Divergence(RetrievalSetting setting, InspectedModel model, InspectedModel other)
    {
        if (spec is { CameraStatistics: not null, AfterNeck: false } && new[] { model, other }.Any(one => one.Model.Spec is { MultiView: null, Neck: not NeckName.None }))
        {
            _warnings.Add("how far the class scores of the two models diverge is not measured: between embedding and classifier stands a batch norm, and each camera has its own statistics of it; "
                + "with $.evaluation.afterNeck it is");
            return null;
        }

        using var calm = new EvaluationMode(model.Model, other.Model);
        var (sets, others) = (Sets(setting, model), Sets(setting, other));
        return LogitDivergence.Measure(model.Model, [sets.Queries, sets.Gallery], other.Model, [others.Queries, others.Gallery], spec, device);
    }

    private IReadOnlyList<AttentionPair> Attention(RetrievalSetting setting, InspectedModel model, InspectedModel? other)
    {
        ReidModel[] models = other is null ? [model.Model] : [model.Model, other.Model];
        using var calm = new EvaluationMode(models);
        beat();
        try
        {
            return new AttentionPairs(frames, _names, device).Of(_items.Queries(setting), model, other);
        }
        catch (BrokenModelException fault)
        {
            // The classifier's fault: the embeddings are numbers, and so are all figures.
            _warnings.Add($"where the models look is not shown: {fault.Message}");
            return [];
        }
    }

    /// <summary>Queries and gallery as they are searched, of both models.</summary>
    private T Search<T>(RetrievalSetting setting, InspectedModel model, InspectedModel? other, Func<SearchedSets, SearchedSets?, T> search) =>
        Search(setting, model, sets => other is null ? search(sets, null) : Search(setting, other, others => search(sets, others)));

    private T Search<T>(RetrievalSetting setting, InspectedModel model, Func<SearchedSets, T> search) =>
        model.Measured.Embedded!.Search(setting, spec, spec.Frames, (queries, gallery) => search(new SearchedSets(queries, gallery)));

    /// <summary>The same without the queries in the gallery: each item once.</summary>
    private SearchedSets Sets(RetrievalSetting setting, InspectedModel model) =>
        new(model.Measured.Embedded![_items.QuerySet(setting)], model.Measured.Embedded[_items.GallerySet(setting)]);

    /// <summary>Models that do not train while this lasts.</summary>
    private sealed class EvaluationMode : IDisposable
    {
        private readonly (ReidModel Model, bool IsTraining)[] _before;

        public EvaluationMode(params ReidModel[] models)
        {
            _before = Array.ConvertAll(models, model => (model, model.training));
            Array.ForEach(models, model => model.eval());
        }

        public void Dispose() => Array.ForEach(_before, one => one.Model.train(one.IsTraining));
    }
}
