namespace ReidCloud.Tests.Testing;

/// <summary>Tests of what the whole process has, such as its memory, its live tensors or libtorch's number of threads: they run after all others, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
