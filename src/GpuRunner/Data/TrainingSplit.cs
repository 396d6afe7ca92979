using ReidCloud.Datasets;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// The training tracklets by label: an identity's label is its rank among the identities of the training split. Distractors have none and are
/// left out.
/// </summary>
internal sealed class TrainingSplit
{
    private readonly IReadOnlyList<Camera> _cameras;

    public TrainingSplit(DatasetManifest manifest)
    {
        _cameras = manifest.Cameras;
        Identities = manifest.TrainingIdentities;
        var byIdentity = manifest.Of(Split.Train).Where(tracklet => !tracklet.IsDistractor).ToLookup(tracklet => tracklet.Identity);
        Tracklets = [.. Identities.Select(identity => byIdentity[identity].ToArray())];
    }

    /// <summary>The identity (an index into the manifest's table) of each label.</summary>
    public IReadOnlyList<int> Identities { get; }

    /// <summary>The tracklets of each label in the order of the manifest.</summary>
    public IReadOnlyList<Tracklet[]> Tracklets { get; }

    /// <summary>What the camera senses that took a label's tracklet.</summary>
    public Modality ModalityOf(int label, int tracklet) => _cameras[Tracklets[label][tracklet].Camera].Modality;
}
