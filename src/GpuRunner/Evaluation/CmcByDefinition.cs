using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Which of an identity's images is drawn into the gallery: of <paramref name="count"/> images, the nearest first, the number of one.</summary>
internal delegate int GalleryDraw(int repeat, int identity, int count);

/// <summary>
/// The CMC curve by a definition of open-reid and AlignedReID (spec of AlignedReID §10.1): a match counts at its rank among what is no match; the first alone, or each by its
/// share. A query without a match is left out. In a gallery of one image an identity the distractors, who are nobody, are together one identity, as published.
/// With <see cref="CmcSpec.SingleGalleryShot"/> and <see cref="CmcSpec.FirstMatchBreak"/> the published code adds 1 for each repeat and reaches their number; here it is divided by it,
/// which is CUHK03's first protocol.
/// </summary>
internal sealed class CmcByDefinition(CmcSpec definition, int length)
{
    private readonly double[] _sums = new double[length];

    public CmcSpec Definition => definition;

    public int Queries { get; private set; }

    /// <summary>The mean over the queries; 0 without one.</summary>
    public IReadOnlyList<double> Cmc => Array.ConvertAll(_sums, sum => Queries == 0 ? 0 : sum / Queries);

    /// <param name="query">As <see cref="Of"/> has it.</param>
    public void Add(double[]? query)
    {
        if (query is null)
        {
            return;
        }

        Queries++;
        for (var rank = 0; rank < length; rank++)
        {
            _sums[rank] += query[rank];
        }
    }

    /// <summary>One query's curve, whose mean is the figure; null without a match.</summary>
    /// <param name="order">The gallery as the query finds it, without junk: of <see cref="RankOrder"/>.</param>
    public double[]? Of(ReadOnlySpan<int> order, Sighting query, ReadOnlySpan<Sighting> gallery, GalleryDraw draw)
    {
        var found = new List<int>(order.Length);
        foreach (var item in order)
        {
            if (!definition.SeparateCameraSet || gallery[item].Camera != query.Camera)
            {
                found.Add(gallery[item].Identity);
            }
        }

        if (query.Identity == Tracklet.Distractor || !found.Contains(query.Identity))
        {
            return null;
        }

        var curve = new double[length];
        if (definition.SingleGalleryShot)
        {
            Drawn(found, query.Identity, draw, curve);
        }
        else
        {
            Whole(found, query.Identity, curve);
        }

        for (var rank = 1; rank < length; rank++)
        {
            curve[rank] += curve[rank - 1];
        }

        return curve;
    }

    private void Whole(List<int> found, int identity, double[] curve)
    {
        int[] ranks = [.. found.Index().Where(item => item.Item == identity).Select(item => item.Index)];
        var counted = definition.FirstMatchBreak ? 1 : ranks.Length;
        for (var match = 0; match < counted && ranks[match] - match < length; match++)
        {
            curve[ranks[match] - match] += 1.0 / counted;
        }
    }

    /// <summary>Then an identity has one match, so the first is all of them.</summary>
    private void Drawn(List<int> found, int identity, GalleryDraw draw, double[] curve)
    {
        var images = found.Index().GroupBy(item => item.Item, item => item.Index).OrderBy(group => group.Key).Select(group => (Identity: group.Key, Ranks: group.ToArray())).ToArray();
        var chosen = new int[images.Length];
        for (var repeat = 0; repeat < definition.Repeats; repeat++)
        {
            var match = 0;
            for (var i = 0; i < images.Length; i++)
            {
                chosen[i] = images[i].Ranks[draw(repeat, images[i].Identity, images[i].Ranks.Length)];
                match = images[i].Identity == identity ? chosen[i] : match;
            }

            var before = chosen.Count(rank => rank < match);
            if (before < length)
            {
                curve[before] += 1.0 / definition.Repeats;
            }
        }
    }
}
