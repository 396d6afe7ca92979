using BenchmarkDotNet.Attributes;
using ReidCloud.GpuRunner.Alignment;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks.Hot;

/// <summary>Losses that are many small operations, forward and backward: a batch of 32 sets, 2,048 numbers each, and 8 stripes of 128.</summary>
public class LossTerms : IDisposable
{
    private const int Sets = 32;
    private const int SetsOfIdentity = 4;

    private readonly TripletLoss _triplet = new(new TripletSpec());
    private readonly Tensor _embedding_BD = randn([Sets, 2_048], requires_grad: true);
    private readonly Tensor _local_BHC = randn([Sets, 8, 128], requires_grad: true);
    private readonly Tensor _labels_B = tensor(Enumerable.Range(0, Sets).Select(set => (long)set / SetsOfIdentity).ToArray());

    [Benchmark]
    public void Triplet()
    {
        using var scope = NewDisposeScope();
        _triplet.Of(new LossInputs(_embedding_BD, _embedding_BD, _labels_B)).backward();
    }

    [Benchmark]
    public void LocalDistances()
    {
        using var scope = NewDisposeScope();
        LocalDistance.Between(_local_BHC, _local_BHC).sum().backward();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _triplet.Dispose();
        _embedding_BD.Dispose();
        _local_BHC.Dispose();
        _labels_B.Dispose();
        GC.SuppressFinalize(this);
    }
}
