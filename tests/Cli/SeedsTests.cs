using ReidCloud.Cli.Commands;

namespace ReidCloud.Tests.Cli;

public sealed class SeedsTests
{
    [Theory]
    [InlineData("1..5", "1, 2, 3, 4, 5")]
    [InlineData("1,3,7", "1, 3, 7")]
    [InlineData("1..2, 9", "1, 2, 9")]
    [InlineData("9223372036854775806..9223372036854775807", "9223372036854775806, 9223372036854775807")]
    public void Are_ranges_and_numbers(string text, string seeds) => Assert.Equal(seeds, string.Join(", ", Seeds.Parse(text)!));

    [Theory]
    [InlineData("3")]
    [InlineData("5..1")]
    [InlineData("1,1")]
    [InlineData("1..3,2")]
    [InlineData("-1..3")]
    [InlineData("1...3")]
    [InlineData("1..51")]
    [InlineData("0..9223372036854775807")]
    [InlineData("a,b")]
    [InlineData("")]
    [InlineData("1,,2")]
    public void What_is_not_2_to_50_different_ones_is_refused(string text) => Assert.Null(Seeds.Parse(text));
}
