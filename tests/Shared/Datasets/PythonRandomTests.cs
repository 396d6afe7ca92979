using ReidCloud.Datasets;

namespace ReidCloud.Tests.Shared.Datasets;

/// <summary>Against CPython's `random`.</summary>
public sealed class PythonRandomTests
{
    [Fact]
    public void Chooses_as_Python_does()
    {
        var random = new PythonRandom(0);

        Assert.Equal([12, 13, 1, 8, 16, 15, 12, 9, 15, 11], Enumerable.Range(0, 10).Select(_ => random.Below(20)));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Below(0));
    }
}
