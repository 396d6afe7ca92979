using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>One set of a batch before its views are chosen: a label, and which of the label's tracklets was drawn.</summary>
internal readonly record struct Draw(int Label, int Tracklet);

/// <summary>
/// P identities × K tracklets a batch. By the spec of VKD §3.3 identities and each one's tracklets are shuffled every epoch; an identity is
/// used at most once an epoch and those that do not fill a batch wait for the next, or make a smaller one where it is kept. By that of camera-based batch normalization §3.2 it is each tracklet that is used at
/// most once; by that of MVD §8 each batch draws its identities anew, and half of each one's tracklets are visible and half infrared. Who has fewer tracklets than are drawn is drawn with replacement. An epoch's plan
/// depends on the seed and the epoch alone.
/// </summary>
internal sealed class IdentitySampler
{
    private readonly TrainingSplit _split;
    private readonly SamplingSpec _sampling;
    private readonly long _seed;

    /// <summary>The labels that can be drawn, and of each label the tracklets by modality.</summary>
    private readonly int[] _labels;
    private readonly ILookup<Modality, int>[] _byModality;

    public IdentitySampler(TrainingSplit split, SamplingSpec sampling, long seed)
    {
        (_split, _sampling, _seed) = (split, sampling, seed);
        _byModality = [.. split.Tracklets.Select((tracklets, label) => Enumerable.Range(0, tracklets.Length).ToLookup(tracklet => split.ModalityOf(label, tracklet)))];
        _labels = [.. Enumerable.Range(0, split.Identities.Count).Where(label => sampling.Modalities == ModalityMix.Any || _byModality[label].Count == 2)];
        if (_labels.Length < sampling.Identities)
        {
            throw new SpecException(
                "$.sampling.identities",
                sampling.Modalities == ModalityMix.Any
                    ? $"must be at most {_labels.Length}, the number of training identities of the data set, was {sampling.Identities}"
                    : $"must be at most {_labels.Length}, the number of training identities that visible and infrared cameras saw, was {sampling.Identities}; or leave $.sampling.modalities out");
        }
    }

    /// <summary>How many training identities are never drawn, because one modality alone saw them.</summary>
    public int NeverDrawn => _split.Identities.Count - _labels.Length;

    /// <summary>The batches of an epoch; in each the K sets of an identity stand together, or where visible ones come first, each half of them.</summary>
    public Draw[][] Plan(int epoch)
    {
        var random = Seeding.Stream(_seed, "sampler", epoch);
        return _sampling.Draw switch
        {
            IdentityDraw.EachIdentityOnce => EachIdentityOnce(random),
            IdentityDraw.EachTrackletOnce => EachTrackletOnce(random),
            IdentityDraw.AnyIdentities => AnyIdentities(random),
        };
    }

    private Draw[][] EachIdentityOnce(RandomStream random)
    {
        var labels = random.Permutation(_labels.Length);
        var batches = new Draw[(labels.Length + (_sampling.KeepLastBatch ? _sampling.Identities - 1 : 0)) / _sampling.Identities][];
        for (var batch = 0; batch < batches.Length; batch++)
        {
            batches[batch] = BatchOf(labels.Skip(batch * _sampling.Identities).Take(_sampling.Identities), random);
        }

        return batches;
    }

    /// <summary>At least one batch.</summary>
    private Draw[][] AnyIdentities(RandomStream random)
    {
        var (counted, sets) = _sampling.Modalities == ModalityMix.Any
            ? (_split.Tracklets.Sum(tracklets => tracklets.Length), _sampling.Tracklets)
            : (Math.Max(CountOf(Modality.Visible), CountOf(Modality.Infrared)), _sampling.Tracklets / 2);
        var batches = new Draw[Math.Max(1, counted / (_sampling.Identities * sets))][];
        for (var batch = 0; batch < batches.Length; batch++)
        {
            batches[batch] = BatchOf(random.Permutation(_labels.Length).Take(_sampling.Identities), random);
        }

        return batches;

        int CountOf(Modality modality) => _byModality.Sum(tracklets => tracklets[modality].Count());
    }

    /// <param name="places">Of the labels that can be drawn.</param>
    private Draw[] BatchOf(IEnumerable<int> places, RandomStream random)
    {
        var draws = places.Select(place => _labels[place]).SelectMany(label => Tracklets(label, random).Select(tracklet => new Draw(label, tracklet)));
        return _sampling.Modalities == ModalityMix.VisibleFirst ? [.. draws.OrderBy(draw => _split.ModalityOf(draw.Label, draw.Tracklet))] : [.. draws];
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
        if (_sampling.Modalities == ModalityMix.Any)
        {
            return Some(_split.Tracklets[label].Length, _sampling.Tracklets, random);
        }

        int[] visible = [.. Half(Modality.Visible)];
        int[] infrared = [.. Half(Modality.Infrared)];
        return [.. visible.Zip(infrared, (seen, felt) => (int[])[seen, felt]).SelectMany(pair => pair)];

        IEnumerable<int> Half(Modality modality)
        {
            int[] tracklets = [.. _byModality[label][modality]];
            return Some(tracklets.Length, _sampling.Tracklets / 2, random).Select(place => tracklets[place]);
        }
    }

    private int[] Some(int of, int wanted, RandomStream random) => of >= wanted && !_sampling.WithReplacement
        ? random.Permutation(of)[..wanted]
        : [.. Enumerable.Range(0, wanted).Select(_ => random.NextInt(of))];
}
