using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>One set of a batch before its views are chosen: a label, and which of the label's tracklets was drawn.</summary>
internal readonly record struct Draw(int Label, int Tracklet);

/// <summary>
/// P identities × K tracklets a batch, spec of VKD §3.3: identities and each one's tracklets are shuffled every epoch; an identity is
/// used at most once an epoch and those that do not fill a batch wait for the next, or make a smaller one where it is kept. Who has fewer than K tracklets is drawn with
/// replacement. An epoch's plan depends on the seed and the epoch alone.
/// </summary>
internal sealed class IdentitySampler
{
    private readonly TrainingSplit _split;
    private readonly SamplingSpec _sampling;
    private readonly long _seed;

    public IdentitySampler(TrainingSplit split, SamplingSpec sampling, long seed)
    {
        (_split, _sampling, _seed) = (split, sampling, seed);
        if (split.Identities.Count < sampling.Identities)
        {
            throw new SpecException(
                "$.sampling.identities",
                $"must be at most {split.Identities.Count}, the number of training identities of the data set, was {sampling.Identities}");
        }
    }

    public int BatchesPerEpoch => (_split.Identities.Count + (_sampling.KeepLastBatch ? _sampling.Identities - 1 : 0)) / _sampling.Identities;

    /// <summary>The batches of an epoch; in each the K sets of an identity stand together.</summary>
    public Draw[][] Plan(int epoch)
    {
        var random = Seeding.Stream(_seed, "sampler", epoch);
        var labels = random.Permutation(_split.Identities.Count);
        var batches = new Draw[BatchesPerEpoch][];
        for (var batch = 0; batch < batches.Length; batch++)
        {
            batches[batch] = [.. labels
                .Skip(batch * _sampling.Identities)
                .Take(_sampling.Identities)
                .SelectMany(label => Tracklets(label, random).Select(tracklet => new Draw(label, tracklet)))];
        }

        return batches;
    }

    private int[] Tracklets(int label, RandomStream random)
    {
        var count = _split.Tracklets[label].Length;
        return count >= _sampling.Tracklets
            ? random.Permutation(count)[.._sampling.Tracklets]
            : [.. Enumerable.Range(0, _sampling.Tracklets).Select(_ => random.NextInt(count))];
    }
}
