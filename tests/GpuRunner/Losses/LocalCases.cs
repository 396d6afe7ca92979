using ReidCloud.GpuRunner.Data;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

/// <summary>Small stripes with few values, and their distance as it is written down.</summary>
internal static class LocalCases
{
    public static double[][][] Stripes(int seed, int images, int stripes, int channels)
    {
        var stream = Seeding.Stream(seed, "test/stripes");
        return [.. Enumerable.Range(0, images).Select(_ => Enumerable.Range(0, stripes).Select(_ =>
            Enumerable.Range(0, channels).Select(_ => (double)(stream.NextInt(4) - 1)).ToArray()).ToArray())];
    }

    public static Tensor Tensor(double[][][] stripes) =>
        tensor([.. stripes.SelectMany(image => image).SelectMany(stripe => stripe)], [stripes.Length, stripes[0].Length, stripes[0][0].Length]);

    public static double Distance(double[][] x, double[][] y)
    {
        return Least(x.Length - 1, y.Length - 1);

        double Cell(int i, int j) => Math.Tanh(Math.Sqrt(Math.Max(1e-12, x[i].Zip(y[j], (a, b) => (a - b) * (a - b)).Sum())) / 2);

        double Least(int i, int j) => Cell(i, j) + ((i, j) switch
        {
            (0, 0) => 0,
            (0, _) => Least(0, j - 1),
            (_, 0) => Least(i - 1, 0),
            _ => Math.Min(Least(i - 1, j), Least(i, j - 1)),
        });
    }
}
