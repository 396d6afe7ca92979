using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>The items behind a setting's embeddings, in their order.</summary>
internal sealed class SettingItems(DatasetManifest manifest, EvaluationSpec spec)
{
    public RetrievalItem[] Of(ItemSet set) => RetrievalSets.Of(manifest, set.Split, set.Medium, set.Frames, spec.GalleryImages);

    public RetrievalItem[] Queries(RetrievalSetting setting) => Of(QuerySet(setting));

    /// <summary>Where the gallery includes the queries, those stand in front.</summary>
    public RetrievalItem[] Gallery(RetrievalSetting setting)
    {
        var medium = RetrievalSets.MediaOf(setting).Gallery;
        return [.. spec.GalleryIncludesQueries ? Of(ItemSet.Of(Split.Query, medium, spec.Frames)) : [], .. Of(GallerySet(setting))];
    }

    public ItemSet QuerySet(RetrievalSetting setting) => ItemSet.Of(Split.Query, RetrievalSets.MediaOf(setting).Query, spec.Frames);

    /// <summary>Without the queries.</summary>
    public ItemSet GallerySet(RetrievalSetting setting) => ItemSet.Of(Split.Gallery, RetrievalSets.MediaOf(setting).Gallery, spec.Frames);
}
