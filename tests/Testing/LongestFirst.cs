using ReidCloud.Tests.Docs;
using ReidCloud.Tests.EndToEnd;
using ReidCloud.Tests.Testing;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace ReidCloud.Tests.Testing;

/// <summary>What takes minutes begins first, so that the rest fills the time beside it and nothing long is left for the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
        [RunnersCollection.Name, TorchCollection.Name, typeof(CommandTests).FullName!, typeof(KillAnywhereTests).FullName!, typeof(SupervisorTests).FullName!];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Place)];

    /// <summary>A class that names no collection has one of its own, named after it.</summary>
    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(Long, name => $"{collection.TestCollectionDisplayName} ".Replace("Test collection for ", "", StringComparison.Ordinal).StartsWith($"{name} ", StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
