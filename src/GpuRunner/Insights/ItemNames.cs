using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>What people call the items of a data set: an item by the first of its frames.</summary>
internal sealed class ItemNames(DatasetManifest manifest)
{
    public string Item(RetrievalItem item) => manifest.Frames[item.Frames[0]].Name;

    /// <summary>Null of a distractor.</summary>
    public string? Identity(Sighting seen) => seen.Identity == Tracklet.Distractor ? null : manifest.Identities[seen.Identity];

    public string Camera(Sighting seen) => manifest.Cameras[seen.Camera].Name;
}
