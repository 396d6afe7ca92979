using BenchmarkDotNet.Attributes;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Benchmarks.Hot;

/// <summary>From a request's bytes to the id of its run: what every submission and every look at a run's spec pays.</summary>
public class SpecIdentity
{
    private readonly RunSpec _spec = Presets.Named("vkd-mars-resnet50-teacher").Spec;
    private byte[] _request = [];

    [GlobalSetup]
    public void Write() => _request = ReidJson.Canonical(_spec);

    [Benchmark]
    public object Read() => ReidJson.Read<RunSpec>(_request);

    [Benchmark]
    public byte[] Canonical() => ReidJson.Canonical(_spec);

    [Benchmark]
    public object Id() => RunId.Of(_spec);
}
