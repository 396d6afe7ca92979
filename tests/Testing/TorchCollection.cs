namespace ReidCloud.Tests.Testing;

/// <summary>
/// Tests that touch tensors run one after the other: they share the library's threads and its generator. They leave libtorch at the number of threads it
/// starts with: for tensors this small, threads that wait for each other on a busy machine cost more than they do.
/// </summary>
[CollectionDefinition(Name)]
public sealed class TorchCollection
{
    public const string Name = "torch";
}
