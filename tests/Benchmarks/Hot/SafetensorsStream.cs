using BenchmarkDotNet.Attributes;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Weights;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks.Hot;

/// <summary>64 MiB of weights in 64 tensors, to memory and back.</summary>
public class SafetensorsStream : IDisposable
{
    private const int Tensors = 64;

    private readonly (string Name, Tensor Value)[] _tensors = [.. Enumerable.Range(0, Tensors).Select(i => ($"layer{i}.weight", randn([512, 512])))];
    private readonly MemoryStream _stream = new();

    [GlobalSetup]
    [Benchmark]
    public void Write()
    {
        _stream.Position = 0;
        Safetensors.Write(_stream, new Dictionary<string, string>(), _tensors);
    }

    [Benchmark]
    public int Read()
    {
        _stream.Position = 0;
        var count = 0;
        foreach (var (_, value) in Safetensors.ReadTensors(_stream, SafetensorsHeader.Read(_stream)))
        {
            value.Dispose();
            count++;
        }

        return count;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        foreach (var (_, value) in _tensors)
        {
            value.Dispose();
        }

        _stream.Dispose();
        GC.SuppressFinalize(this);
    }
}
