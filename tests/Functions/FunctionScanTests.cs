using System.Text.Json;
using ReidCloud.Functions;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class FunctionScanTests
{
    /// <summary>With a prefix the Functions host would put the page below it.</summary>
    [Fact]
    public void The_page_stands_at_the_root_and_every_operation_below_api()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "Functions", "host.json")));

        Assert.Equal("", host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
        Assert.Equal([nameof(GetPage)], FunctionScan.Http.Where(function => !function.IsOperation).Select(function => function.Name));
    }
}
