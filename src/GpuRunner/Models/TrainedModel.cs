using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// What a <see cref="CheckpointRef"/> names, loaded: a network on the CPU in evaluation mode, and what its run told about its training. Pushed weights
/// tell nothing.
/// </summary>
internal sealed record TrainedModel(ReidModel Model, CheckpointHead? Head) : IDisposable
{
    /// <summary>What the network saw in its training, where that is known.</summary>
    public InputSpec? Input => Head?.Spec.Input;

    /// <summary>Whether it has a classifier that was trained. ImageNet's weights have none of ours.</summary>
    public bool HasHead { get; init; } = true;

    /// <summary>Names of entries that the weights lacked and that were drawn at random.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What only a classifier can do, such as to teach, or to show why it decides, needs one that was trained.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public void RequireHead()
    {
        if (!HasHead)
        {
            throw new CheckpointException("the weights have no classifier of identities, only a backbone; name those of a network that was trained to tell identities apart");
        }
    }

    /// <summary>Whether its classifier is known to tell these identities of that data set apart, in this order. Pushed weights do not tell.</summary>
    public bool Tells(string datasetHash, IReadOnlyList<string> identities) =>
        Head is not null && Head.DatasetHash == datasetHash && Head.Identities.SequenceEqual(identities);

    /// <summary>
    /// As a teacher, or as what a student starts from, it must have learned the very identities that this run trains on, or its labels mean other beings.
    /// </summary>
    /// <exception cref="CheckpointException">It learned others, or as far as pushed weights can tell, another number of them.</exception>
    public void RequireIdentities(string role, string datasetHash, IReadOnlyList<string> identities)
    {
        RequireHead();
        var remedy = $"train a {role} on this data set first and name its run";
        if (Head is not null)
        {
            Checkpoint.CheckDataset($"the {role}", remedy, Head, datasetHash, identities);
        }
        else if (Model.Identities != identities.Count)
        {
            throw new CheckpointException(
                $"the {role} was trained on other identities: its classifier tells {Model.Identities} apart, while this run has {identities.Count}; {remedy}");
        }
    }

    public void Dispose() => Model.Dispose();
}
