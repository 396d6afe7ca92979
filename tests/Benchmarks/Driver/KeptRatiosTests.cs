namespace ReidCloud.Benchmarks;

public sealed class KeptRatiosTests
{
    private static readonly Machine Machine = new("2 × CPU", "", "", "", "", "", "", "", "");

    [Theory]
    [InlineData(1.00, "Same")]
    [InlineData(1.24, "Same")]
    [InlineData(1.26, "Worse")]
    [InlineData(0.81, "Same")]
    [InlineData(0.79, "Improved")]
    public void Less_is_better(double ratio, string verdict) => Assert.Equal(verdict, Verdict(Of(1, "s"), Of(ratio, "s")));

    [Theory]
    [InlineData(0.81, "Same")]
    [InlineData(0.79, "Worse")]
    [InlineData(1.26, "Improved")]
    public void More_is_better_where_a_target_or_a_unit_says_so(double ratio, string verdict)
    {
        Assert.Equal(verdict, Verdict(Of(1, "images/s"), Of(ratio, "images/s")));
        Assert.Equal(verdict, Verdict(Of(1, "%"), Of(ratio, "%") with { AtLeast = 0.1 }));
    }

    [Fact]
    public void What_was_not_kept_is_new_and_what_lacks_its_peer_is_missing()
    {
        Assert.Equal("New", Verdict(Of(1, "s") with { What = "other" }, Of(1, "s")));
        Assert.Equal("Missing", Verdict(Of(1, "s"), Figure.Without("step", "PyTorch", "no Python")));
        Assert.Equal(["other"], Kept(Of(1, "s") with { What = "other" }).Gone("steps", [Of(1, "s")]));
    }

    [Fact]
    public void A_file_keeps_what_other_measurements_had()
    {
        var file = Path.GetTempFileName();
        try
        {
            Kept(Of(0.0123456, "s")).With("ranking", Machine, [Of(1234.5678, "s"), Figure.Without("b", "", "")]).Write(file);

            Assert.Equal(
                """
                {
                  "machine": "2 × CPU",
                  "ratios": {
                    "ranking": {
                      "step": 1235
                    },
                    "steps": {
                      "step": 0.01235
                    }
                  }
                }

                """.ReplaceLineEndings("\n"),
                File.ReadAllText(file));
            Assert.Equal(1235, KeptRatios.Read(file).Ratios["ranking"]["step"]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Figure Of(double ratio, string unit) => new("step", ratio, "PyTorch", 1, unit);

    private static KeptRatios Kept(Figure figure) => new KeptRatios("", []).With("steps", Machine, [figure]);

    private static string Verdict(Figure before, Figure now) => $"{Assert.Single(Kept(before).Compare("steps", [now])).Verdict}";
}
