using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Losses;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

/// <summary>Small inputs in double precision for the slow oracles: numbers with few values, so that ties are common.</summary>
internal static class LossCases
{
    public static (double[][] Rows, long[] Labels) Random(int seed)
    {
        var stream = Seeding.Stream(seed, "test/losses");
        var (sets, width) = (2 + stream.NextInt(7), 1 + stream.NextInt(4));
        double[][] rows = [.. Enumerable.Range(0, sets).Select(_ => Enumerable.Range(0, width).Select(_ => (double)(stream.NextInt(5) - 2)).ToArray())];
        return (rows, [.. Enumerable.Range(0, sets).Select(_ => (long)stream.NextInt(3))]);
    }

    public static double[][] RandomRows(int seed, int sets, int width)
    {
        var stream = Seeding.Stream(seed, "test/rows");
        return [.. Enumerable.Range(0, sets).Select(_ => Enumerable.Range(0, width).Select(_ => stream.NextDouble(-3, 3)).ToArray())];
    }

    public static LossInputs Inputs(double[][] rows, long[] labels, bool requiresGrad = false)
    {
        var rows_BD = Rows(rows).requires_grad_(requiresGrad);
        return new LossInputs(rows_BD, rows_BD, tensor(labels));
    }

    public static Tensor Rows(double[][] rows) => tensor([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length]);

    public static double[] Normalized(double[] row)
    {
        var length = Math.Max(1e-12, Math.Sqrt(row.Sum(value => value * value)));
        return Array.ConvertAll(row, value => value / length);
    }

    public static double[] Softmax(double[] row)
    {
        var exponentials = Array.ConvertAll(row, Math.Exp);
        return Array.ConvertAll(exponentials, value => value / exponentials.Sum());
    }
}
