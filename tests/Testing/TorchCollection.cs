namespace ReidCloud.Tests.Testing;

/// <summary>Tests that touch tensors run one after the other: they share the library's threads, its generator and the count of live tensors.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchCollection
{
    public const string Name = "torch";
}
