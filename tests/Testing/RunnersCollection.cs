namespace ReidCloud.Tests.Testing;

/// <summary>
/// Tests with a runner in this process run one after the other, beside those of <see cref="TorchCollection"/>: they wait for the storage, a lease or another
/// process for most of their time. A runner draws from generators of its own and counts no tensors.
/// </summary>
[CollectionDefinition(Name)]
public sealed class RunnersCollection
{
    public const string Name = "runners";
}
