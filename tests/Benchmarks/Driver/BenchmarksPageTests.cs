using ReidCloud.Tests.Testing;

namespace ReidCloud.Benchmarks;

public sealed class BenchmarksPageTests
{
    private static readonly Machine Machine = new(
        "8 × A processor, AVX2", "31.2 GiB", "none", "Debian GNU/Linux 12 (bookworm)", ".NET 10.0.0", "1.13.0", "standins", "OpenBLAS (/usr/lib/openblas-pthread/libblas.so.3)", "Python 3.11.2 with torch 1.13.0");

    private static readonly Measurement[] All = [Named("ranking", "Ranking"), Named("steps", "Training steps"), Named("gpu", "GPU")];

    private static readonly Section Ranking = new(
        "ranking",
        "Ranking",
        [
            new("distances, CMC and mAP, 3,368 x 15,913 x 2,048", 2.7134, "float32 matrix product (aten::mm)", 2.1, "s") { Ratio = 1.2889, AtMost = 1.3 },
            new("peak memory | MSMT17", 2311, "2 GB", 1907.3, "MiB") { AtMost = 1, BoundBy = "the features alone are 0.8 GB" },
        ],
        Machine,
        "1234567890",
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private static readonly Section Steps = new(
        "steps",
        "Training steps",
        [
            Figure.Without("ResNet-50, teacher", "PyTorch", "/usr/bin/python3 cannot import torch: `apt-get install python3-torch`", 0.95, "s"),
            new("images a second", 12345.6, "libjpeg-turbo", 10000, "images/s") { AtLeast = 0.8 },
            new("overhead", 0.00123, "the whole step", 0.95, "s"),
        ],
        Machine,
        "1234567890 with changes",
        new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)));

    [Fact]
    public void Says_what_was_measured_beside_what_on_which_machine() =>
        Approved.Matches("benchmarks-page", BenchmarksPage.With([Ranking with { Machine = Machine with { Gpu = "NVIDIA H100" } }], BenchmarksPage.With([Ranking, Steps], "", All[..2]), All));

    [Fact]
    public void Sections_that_were_not_taken_now_stay_as_they_are()
    {
        var both = BenchmarksPage.With([Ranking, Steps], "", All);
        var later = Ranking with { Commit = "later" };

        Assert.Equal(both, BenchmarksPage.With([], both, All));
        Assert.Equal(BenchmarksPage.With([later, Steps], "", All), BenchmarksPage.With([later], both, All));
        Assert.Equal(BenchmarksPage.With([Steps], "", All[1..]), BenchmarksPage.With([], both, All[1..]));
    }

    [Fact]
    public void The_head_describes_the_machine_on_which_everything_was_measured()
    {
        var other = Machine with { Processor = "64 × another" };
        var page = BenchmarksPage.With([Ranking, Steps], "", All[..2]);
        var partly = BenchmarksPage.With([Ranking with { Machine = other }], page, All[..2]);
        var wholly = BenchmarksPage.With([Ranking with { Machine = other }, Steps with { Machine = other }], page, All[..2]);

        Assert.Equal(page, BenchmarksPage.With([Ranking], page, All[..2]));
        Assert.Contains("| processor | 8 × A processor, AVX2 |", partly);
        Assert.Contains("on processor: 64 × another;", partly);
        Assert.Equal(page.Replace(Machine.Processor, other.Processor, StringComparison.Ordinal), wholly);
    }

    [Fact]
    public void What_cannot_be_measured_here_keeps_what_was_measured_elsewhere()
    {
        var page = BenchmarksPage.With([Ranking, Steps], "", All[..2]);
        var here = Steps with { Figures = [Figure.Without("images a second", "PyTorch", "no CUDA")] };

        Assert.Equal(page, BenchmarksPage.With([Ranking, here], page, All[..2]));
        Assert.Contains("no CUDA", BenchmarksPage.With([Ranking, here], "", All[..2]));
    }

    [Theory]
    [InlineData(double.NaN, "–")]
    [InlineData(0, "0.00")]
    [InlineData(0.00001234, "1.23E-5")]
    [InlineData(0.0036, "0.00360")]
    [InlineData(0.1, "0.100")]
    [InlineData(-0.00123, "-0.00123")]
    [InlineData(0.1299, "0.130")]
    [InlineData(1.3, "1.30")]
    [InlineData(12.34, "12.3")]
    [InlineData(1667.5, "1,668")]
    public void Numbers_have_three_digits_that_count(double number, string text) => Assert.Equal(text, FigureText.Number(number));

    private static Measurement Named(string name, string title) => new(name, title, _ => []);
}
