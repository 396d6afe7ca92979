using static TorchSharp.torch;

namespace ReidCloud.Tests.Testing;

/// <summary>Tests that touch tensors run one after the other: they share the library's threads, its generator and the count of live tensors.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchCollection : ICollectionFixture<TorchThreads>
{
    public const string Name = "torch";
}

/// <summary>As many threads as in a run: libtorch itself starts with one on a small machine, and convolutions are then many times slower.</summary>
public sealed class TorchThreads
{
    public TorchThreads() => set_num_threads(Environment.ProcessorCount);
}
