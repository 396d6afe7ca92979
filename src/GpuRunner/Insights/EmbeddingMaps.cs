using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>
/// Draws where a model puts queries and gallery items in a plane: by t-SNE, or where they are too few for it to mean something, by their principal components.
/// Of a large data set some identities are taken evenly, each with all of its items: what is to be seen is whether they lie together.
/// </summary>
internal sealed class EmbeddingMaps(EvaluationSpec spec, ItemNames names, long seed, CancellationToken stop)
{
    private const int MostItems = 500;
    private const int FewestForTsne = 12;
    private const double Perplexity = 30;
    private const int Digits = 4;

    /// <summary>Coordinates reach from −1 to 1. Null where there are no items.</summary>
    public EmbeddingMap? Of(RetrievalSetting setting, RetrievalItem[] queries, RetrievalItem[] gallery, SearchedSets model)
    {
        Place[] chosen = Chosen([.. queries.Select((item, at) => new Place(item, at, true)), .. gallery.Select((item, at) => new Place(item, at, false))]);
        if (chosen.Length == 0)
        {
            return null;
        }

        var squared_NN = Squared(chosen, model);
        var (method, axes) = ("pca", PrincipalCoordinates.Of(squared_NN, chosen.Length, Seeding.Stream(seed, "embedding-map")));
        if (chosen.Length >= FewestForTsne)
        {
            (method, axes) = ("t-sne", Tsne.Embed(squared_NN, chosen.Length, Math.Min(Perplexity, (chosen.Length - 1) / 3.0), axes, stop));
        }

        var (x, y) = (Centered(axes[0]), Centered(axes[1]));
        var reach = x.Concat(y).Max(value => Math.Abs(value));
        double Scaled(double value) => reach == 0 ? 0 : Math.Round(value / reach, Digits) + 0.0;
        return new EmbeddingMap(method, setting,
        [
            .. chosen.Select((place, i) => new EmbeddingPoint(
                names.Item(place.Item), names.Identity(place.Item.Sighting), names.Camera(place.Item.Sighting), place.IsQuery, Scaled(x[i]), Scaled(y[i]))),
        ]);
    }

    private static Place[] Chosen(Place[] all)
    {
        if (all.Length <= MostItems)
        {
            return all;
        }

        var known = all.Where(place => place.Item.Sighting.Identity != Tracklet.Distractor).ToLookup(place => place.Item.Sighting.Identity);
        int[] asked = [.. known.Where(identity => identity.Any(place => place.IsQuery)).Select(identity => identity.Key).Order()];
        var whole = asked.Sum(identity => known[identity].Count());
        var some = Evenly.Places(asked.Length, whole == 0 ? 0 : Math.Max(1, (int)((long)MostItems * asked.Length / whole))).Select(place => asked[place]).ToHashSet();
        Place[] theirs = [.. all.Where(place => some.Contains(place.Item.Sighting.Identity))];
        var from = theirs.Length == 0 ? all : theirs;
        return Array.ConvertAll(Evenly.Places(from.Length, MostItems), place => from[place]);
    }

    private double[] Squared(Place[] chosen, SearchedSets model)
    {
        using var queries = model.Queries.Only([.. chosen.Where(place => place.IsQuery).Select(place => place.At)]);
        using var gallery = model.Gallery.Only([.. chosen.Where(place => !place.IsQuery).Select(place => place.At)]);
        using var scope = NewDisposeScope();
        var embedding_ND = Distances.Prepare(cat([queries.Embedding_ND, gallery.Embedding_ND]), spec.Metric, spec.NormalizeFeatures).to(float64);
        var product_NN = embedding_ND.matmul(embedding_ND.t()).data<double>().ToArray();
        var count = chosen.Length;
        var squared_NN = new double[product_NN.Length];
        for (var at = 0; at < squared_NN.Length; at++)
        {
            var (i, j) = (at / count, at % count);

            // The same both ways, whatever the last digits of the product.
            var product = (product_NN[at] + product_NN[(j * count) + i]) / 2;
            squared_NN[at] = i == j ? 0 : Math.Max(0, product_NN[(i * count) + i] + product_NN[(j * count) + j] - (2 * product));
        }

        return squared_NN;
    }

    private static double[] Centered(double[] axis)
    {
        var mean = axis.Average();
        return Array.ConvertAll(axis, value => value - mean);
    }

    /// <summary>An item and its place among the queries or in the gallery; queries stand in front.</summary>
    private readonly record struct Place(RetrievalItem Item, int At, bool IsQuery);
}
