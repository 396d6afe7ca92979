using ReidCloud.Cli;

namespace ReidCloud.Tests.Cli;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("abc", "abc", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("sumbit", "submit", 1)]
    [InlineData("watc", "watch", 1)]
    [InlineData("evalate", "evaluate", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Mistakes_are_counted(string typed, string name, int mistakes) => Assert.Equal(mistakes, NearestName.Distance(typed, name));

    [Theory]
    [InlineData("comp", "compare")]
    [InlineData("COMPARE", "compare")]
    [InlineData("runz", "runs")]
    [InlineData("xyzzy", null)]
    public void The_nearest_is_named_where_one_is_near(string typed, string? name) => Assert.Equal(name, NearestName.Of(typed, ["compare", "runs", "report"]));
}
