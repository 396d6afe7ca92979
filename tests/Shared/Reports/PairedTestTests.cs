using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Reports;

public sealed class PairedTestTests
{
    [Fact]
    public void Few_differences_are_tested_exactly()
    {
        // Of 2³ sign patterns only all plus and all minus sum up to 6 or more.
        Assert.Equal(2.0 / 8, PairedTest.PValue([1, 2, 3], seed: 1));

        // Zeros have no sign, and of 1, −1 every pattern reaches 0.
        Assert.Equal(1, PairedTest.PValue([1, -1, 0, 0], seed: 1));
        Assert.Equal(1, PairedTest.PValue([0, 0], seed: 1));
    }

    /// <summary>Thirteen differences are drawn, twelve enumerated; the exact answer for thirteen is counted here the slow way.</summary>
    [Fact]
    public void Many_are_drawn_and_come_near_to_the_exact_answer()
    {
        double[] differences = [0.3, 0.1, -0.2, 0.4, 0.05, 0.25, -0.1, 0.15, 0.2, -0.05, 0.1, 0.35, -0.3];
        var reached = Math.Abs(differences.Sum()) - 1e-9;
        var exact = Enumerable.Range(0, 1 << 13).Count(signs => Math.Abs(differences.Select((value, i) => (signs >> i & 1) == 0 ? value : -value).Sum()) >= reached) / 8192.0;

        Assert.Equal(exact, PairedTest.PValue(differences, seed: 3), 0.02);
    }

    [Fact]
    public void Where_nothing_is_to_be_found_p_values_are_spread_evenly()
    {
        const int Trials = 200;
        double[] values = [.. Enumerable.Range(1, Trials).Select(trial =>
        {
            var draws = new ResamplingDraws(trial << 20);
            return PairedTest.PValue([.. Enumerable.Range(0, 40).Select(_ => (draws.Next() / (double)ulong.MaxValue) - 0.5)], trial);
        }).Order()];

        // Kolmogorov and Smirnov: one in a thousand is farther away than 1.95 / √200.
        Assert.InRange(values.Index().Max(value => Math.Abs(value.Item - ((value.Index + 0.5) / Trials))), 0, 0.138);
    }

    [Fact]
    public void The_sign_says_who_is_ahead_and_both_ways_are_as_likely()
    {
        double[] ours = [.. Enumerable.Range(0, 200).Select(i => 0.5 + (0.3 * Math.Sin(i)))];
        double[] theirs = [.. ours.Select((value, i) => value - 0.05 + (0.02 * Math.Cos(3 * i)))];

        var ahead = PairedTest.Of(RetrievalSetting.ImageToVideo, "mapStandard", ours, theirs, seed: 1);
        var behind = PairedTest.Of(RetrievalSetting.ImageToVideo, "mapStandard", theirs, ours, seed: 1);

        Assert.Equal(0.05, ahead.Difference, 0.005);
        Assert.InRange(ahead.Interval.Low, 0.04, ahead.Difference);
        Assert.Equal(-ahead.Difference, behind.Difference, 1e-12);
        Assert.Equal(1.0 / (PairedTest.Flips + 1), ahead.PValue, 1e-12);
        Assert.Equal(ahead.PValue, behind.PValue);
    }

    [Fact]
    public void What_is_not_of_the_same_queries_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedTest.Of(RetrievalSetting.ImageToImage, "rank1", [1, 0], [1], seed: 1));
}
