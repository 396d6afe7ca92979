using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

/// <summary>k-reciprocal re-ranking as it is written down (spec of AlignedReID §11; fast-reid's three differences): whole matrices, whole sorts, in double precision.</summary>
internal static class DenseReRanking
{
    /// <param name="distances_NN">Queries first.</param>
    public static double[] Of(float[,] distances_NN, int queries, DistanceMetric metric, ReRankingSpec spec)
    {
        var (count, isFastReid, isCosine) = (distances_NN.GetLength(0), spec.Form == ReRankingForm.FastReid, metric == DistanceMetric.Cosine);
        var (squared, original, ranks) = (new float[count, count], new double[count, count], new int[count][]);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                squared[i, j] = isFastReid && isCosine ? 2 * distances_NN[i, j] : distances_NN[i, j] * distances_NN[i, j];
            }

            var largest = Enumerable.Range(0, count).Max(j => squared[i, j]);
            ranks[i] = [.. Enumerable.Range(0, count).OrderBy(j => squared[i, j])];
            for (var j = 0; j < count; j++)
            {
                original[i, j] = isFastReid || largest == 0 ? squared[i, j] : (double)squared[i, j] / largest;
            }
        }

        var known = isFastReid ? spec.K1 : count;
        int[] Near(int i, int first) => [.. ranks[i].Take(Math.Min(first, known))];
        int[] Mutual(int i, int first) => [.. Near(i, first).Where(j => Near(j, first).Contains(i))];
        var half = (int)Math.Round(spec.K1 / 2.0, MidpointRounding.ToEven) + 1;
        var v = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            var own = Mutual(i, spec.K1 + 1);
            IEnumerable<int> expanded = own;
            foreach (var candidate in own)
            {
                var theirs = Mutual(candidate, half);
                if (theirs.Intersect(own).Count() > 2.0 / 3 * theirs.Length)
                {
                    expanded = expanded.Concat(theirs);
                }
            }

            int[] all = [.. expanded.Distinct()];
            var nearest = all.Length == 0 ? 0 : all.Min(j => original[i, j]);
            var sum = all.Sum(j => Math.Exp(nearest - original[i, j]));
            Array.ForEach(all, j => v[i, j] = Math.Exp(nearest - original[i, j]) / sum);
        }

        if (spec.K2 != 1)
        {
            var mean = new double[count, count];
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < count; j++)
                {
                    mean[i, j] = Near(i, spec.K2).Average(row => v[row, j]);
                }
            }

            v = mean;
        }

        return
        [
            .. from query in Enumerable.Range(0, queries)
               from item in Enumerable.Range(queries, count - queries)
               let shared = Enumerable.Range(0, count).Sum(j => Math.Min(v[query, j], v[item, j]))
               select ((1 - spec.Lambda) * (1 - (shared / (2 - shared)))) + (spec.Lambda * (isFastReid && isCosine ? distances_NN[query, item] : original[query, item])),
        ];
    }
}
