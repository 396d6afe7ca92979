using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>One set of a batch before its views are chosen: a label, and which of the label's tracklets was drawn.</summary>
internal readonly record struct Draw(int Label, int Tracklet);

/// <summary>
/// P identities × K tracklets a batch. By the spec of VKD §3.3 identities and each one's tracklets are shuffled every epoch; an identity is
/// used at most once an epoch and those that do not fill a batch wait for the next, or make a smaller one where it is kept. By that of camera-based batch normalization §3.2 it is each tracklet that is used at
/// most once. Who has fewer than K tracklets is drawn with replacement. An epoch's plan depends on the seed and the epoch alone.
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

    /// <summary>The batches of an epoch; in each the K sets of an identity stand together.</summary>
    public Draw[][] Plan(int epoch)
    {
        var random = Seeding.Stream(_seed, "sampler", epoch);
        return _sampling.Draw switch
        {
            IdentityDraw.EachIdentityOnce => EachIdentityOnce(random),
            IdentityDraw.EachTrackletOnce => EachTrackletOnce(random),
        };
    }

    private Draw[][] EachIdentityOnce(RandomStream random)
    {
        var labels = random.Permutation(_split.Identities.Count);
        var batches = new Draw[(labels.Length + (_sampling.KeepLastBatch ? _sampling.Identities - 1 : 0)) / _sampling.Identities][];
        for (var batch = 0; batch < batches.Length; batch++)
        {
            batches[batch] = [.. labels
                .Skip(batch * _sampling.Identities)
                .Take(_sampling.Identities)
                .SelectMany(label => Tracklets(label, random).Select(tracklet => new Draw(label, tracklet)))];
        }

        return batches;
    }

    private Draw[][] EachTrackletOnce(RandomStream random)
    {
        var groups = Enumerable.Range(0, _split.Identities.Count).Select(label => new Queue<Draw[]>(Groups(label, random))).ToArray();
        var labels = Enumerable.Range(0, groups.Length).ToArray();
        var (left, batches) = (labels.Length, new List<Draw[]>());
        while (left >= _sampling.Identities)
        {
            var batch = new List<Draw>();
            for (var place = 0; place < _sampling.Identities; place++)
            {
                var drawn = place + random.NextInt(left - place);
                (labels[place], labels[drawn]) = (labels[drawn], labels[place]);
                batch.AddRange(groups[labels[place]].Dequeue());
            }

            // Those of this batch stand in front; who has nothing left changes places with the last that has.
            for (var place = _sampling.Identities - 1; place >= 0; place--)
            {
                if (groups[labels[place]].Count == 0)
                {
                    left--;
                    (labels[place], labels[left]) = (labels[left], labels[place]);
                }
            }

            batches.Add([.. batch]);
        }

        return [.. batches];
    }

    /// <summary>All tracklets of an identity in random order, K together; what is left over waits for the next epoch.</summary>
    private IEnumerable<Draw[]> Groups(int label, RandomStream random)
    {
        var count = _split.Tracklets[label].Length;
        var order = count >= _sampling.Tracklets ? random.Permutation(count) : Tracklets(label, random);
        return order.Select(tracklet => new Draw(label, tracklet)).Chunk(_sampling.Tracklets).Where(group => group.Length == _sampling.Tracklets);
    }

    private int[] Tracklets(int label, RandomStream random)
    {
        var count = _split.Tracklets[label].Length;
        return count >= _sampling.Tracklets
            ? random.Permutation(count)[.._sampling.Tracklets]
            : [.. Enumerable.Range(0, _sampling.Tracklets).Select(_ => random.NextInt(count))];
    }
}
