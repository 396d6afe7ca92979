using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

/// <summary>A dispose scope around each test of the tensor library, and a few short words for its contents.</summary>
public abstract class TorchTest : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    protected static float[] Floats(Tensor tensor) => tensor.detach().to(float32).data<float>().ToArray();

    protected static double[] Doubles(Tensor tensor) => tensor.detach().to(float64).data<double>().ToArray();

    protected static long[] Longs(Tensor tensor) => tensor.to(int64).data<long>().ToArray();

    protected static bool[] Bools(Tensor tensor) => tensor.data<bool>().ToArray();

    protected static void Close(double[] expected, Tensor actual, double tolerance = 1e-6)
    {
        var found = Doubles(actual);
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance, $"[{i}]: expected {expected[i]}, was {found[i]}");
    }
}
