using ReidCloud.Cli.Progress;

namespace ReidCloud.Tests.Cli.Progress;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(42, "0:42")]
    [InlineData(725, "12:05")]
    [InlineData(11220, "3:07:00")]
    [InlineData(100 * 3600, "100:00:00")]
    public void Writes_durations(int seconds, string text) => Assert.Equal(text, Words.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Writes_a_dash_for_an_unknown_duration() => Assert.Equal("–", Words.Duration(null));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1_300_000, "1.2 MiB")]
    [InlineData(5.5 * 1024 * 1024 * 1024, "5.5 GiB")]
    public void Writes_byte_counts(double bytes, string text) => Assert.Equal(text, Words.Bytes(bytes));

    [Theory]
    [InlineData(0.8766, "87.7 %")]
    [InlineData(1, "100.0 %")]
    public void Writes_metrics_in_percent(double fraction, string text) => Assert.Equal(text, Words.Percent(fraction));
}
