using System.Buffers;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>
/// Standard mAP of each camera's queries in each camera's part of the gallery. Each row of distances is cut into the cameras' parts and every part ranked, so
/// together it is one more pass over the gallery, however many cameras there are.
/// </summary>
internal static class CameraPairs
{
    /// <summary>Of more, nobody sees anything in a picture: the busiest are taken.</summary>
    private const int MostCameras = 32;

    /// <summary>Every pair, in the order of the cameras' table; none where nothing is found anywhere.</summary>
    public static IReadOnlyList<CameraPairMap> Measure(
        EmbeddingSet queries, EmbeddingSet gallery, EvaluationSpec spec, IReadOnlyList<Camera> names, Action beat, CancellationToken stop)
    {
        var parts = Busiest(gallery.Sightings).Select(camera => Part.Of(camera, gallery.Sightings)).ToArray();
        var rows = Busiest(queries.Sightings).Index().ToDictionary(camera => camera.Item, camera => camera.Index);
        var sums = new (double Precision, int Queries)[rows.Count, parts.Length];
        foreach (var tile in DistanceTiles.Of(queries, gallery, FeatureDistance.Of(spec), null, stop))
        {
            var found = new double?[tile.Count][];
            Parallel.For(0, tile.Count, query =>
            {
                var seen = queries.Sightings[tile.First + query];
                found[query] = rows.ContainsKey(seen.Camera) ? Array.ConvertAll(parts, part => part.Precision(tile.Row(query), seen, spec.Protocol)) : [];
            });
            beat();
            foreach (var (query, precisions) in found.Index())
            {
                foreach (var (part, precision) in precisions.Index().Where(one => one.Item is not null))
                {
                    ref var sum = ref sums[rows[queries.Sightings[tile.First + query].Camera], part];
                    sum = (sum.Precision + precision!.Value, sum.Queries + 1);
                }
            }
        }

        return sums.Cast<(double, int Queries)>().All(sum => sum.Queries == 0) ? [] :
        [
            .. rows.SelectMany(row => parts.Select((part, column) => new CameraPairMap(
                names[row.Key].Name,
                names[part.Camera].Name,
                sums[row.Value, column].Queries,
                sums[row.Value, column].Queries == 0 ? null : sums[row.Value, column].Precision / sums[row.Value, column].Queries))),
        ];
    }

    private static int[] Busiest(Sighting[] sightings) =>
        [.. sightings.CountBy(sighting => sighting.Camera).OrderByDescending(camera => camera.Value).ThenBy(camera => camera.Key).Take(MostCameras).Select(camera => camera.Key).Order()];

    /// <summary>What one camera saw of the gallery, in the gallery's order.</summary>
    private sealed record Part(int Camera, int[] Places, GalleryIndex Gallery)
    {
        public static Part Of(int camera, Sighting[] gallery)
        {
            int[] places = [.. gallery.Index().Where(item => item.Item.Camera == camera).Select(item => item.Index)];
            return new Part(camera, places, new GalleryIndex(Array.ConvertAll(places, place => gallery[place])));
        }

        /// <summary>Null where the query has no match here.</summary>
        public double? Precision(ReadOnlySpan<float> distances, Sighting query, RetrievalProtocol protocol)
        {
            var rented = ArrayPool<float>.Shared.Rent(Places.Length);
            for (var i = 0; i < Places.Length; i++)
            {
                rented[i] = distances[Places[i]];
            }

            var ranks = Ranking.Rank(rented.AsSpan(0, Places.Length), query, Gallery, protocol);
            ArrayPool<float>.Shared.Return(rented);
            return ranks.HasMatch ? ranks.StandardPrecision() : null;
        }
    }
}
