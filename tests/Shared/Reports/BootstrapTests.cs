using ReidCloud.Reports;

namespace ReidCloud.Tests.Shared.Reports;

public sealed class BootstrapTests
{
    /// <summary>A mean of n values lies with 95 % within 1.96 deviations / √n of itself, when n is large.</summary>
    [Fact]
    public void Of_many_queries_it_is_the_textbooks_interval()
    {
        double[] values = [.. Enumerable.Range(0, 4000).Select(i => Math.Abs(Math.Sin(i * 12.9898)))];
        var mean = values.Average();
        var half = 1.96 * Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length / values.Length);

        var interval = Bootstrap.OfMean(values, seed: 1);

        Assert.Equal(mean - half, interval.Low, 0.1 * half);
        Assert.Equal(mean + half, interval.High, 0.1 * half);
    }

    [Fact]
    public void It_is_that_of_drawing_and_averaging_the_slow_way()
    {
        double[] values = [.. Enumerable.Range(0, 23).Select(i => Math.Abs(Math.Cos(i * 5.3)))];
        var draws = new ResamplingDraws(9);
        var means = Enumerable.Range(0, Bootstrap.Resamples).Select(_ => Enumerable.Range(0, values.Length).Select(_ => values[draws.Next(values.Length)]).ToList().Average()).Order().ToList();

        var interval = Bootstrap.OfMean(values, seed: 9);

        Assert.Equal(means[49] + (0.975 * (means[50] - means[49])), interval.Low, 1e-12);
        Assert.Equal(means[1949] + (0.025 * (means[1950] - means[1949])), interval.High, 1e-12);
    }

    [Fact]
    public void About_95_of_100_hold_the_truth()
    {
        // The square of an evenly spread number: a third in the mean, and as lopsided as precisions are.
        const int Trials = 300;
        var held = Enumerable.Range(1, Trials).Count(trial =>
        {
            var draws = new ResamplingDraws(trial << 20);
            var precisions = Enumerable.Range(0, 100).Select(_ => Math.Pow(draws.Next() / (double)ulong.MaxValue, 2)).ToArray();
            var interval = Bootstrap.OfMean(precisions, trial);
            return interval.Low <= 1.0 / 3 && 1.0 / 3 <= interval.High;
        });

        Assert.InRange(held / (double)Trials, 0.91, 0.985);
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_figures_share_their_draws()
    {
        double[] values = [0.1, 0.9, 0.4, 0.7, 0.2];
        double[] doubled = [.. values.Select(value => 2 * value)];

        var both = Bootstrap.OfMeans([values, doubled], seed: 7);

        Assert.Equal(Bootstrap.OfMean(values, 7), both[0]);
        Assert.Equal(2 * both[0].Low, both[1].Low, 1e-12);
        Assert.NotEqual(both[0], Bootstrap.OfMean(values, 8));
    }

    [Fact]
    public void Of_values_that_are_all_the_same_it_is_a_point()
    {
        Assert.Equal(new Interval(0.25, 0.25), Bootstrap.OfMean([0.25, 0.25, 0.25], seed: 1));
        Assert.Equal(new Interval(1, 1), Bootstrap.OfMean([1], seed: 1));
    }

    [Fact]
    public void There_is_none_of_nothing() => Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.OfMean([], seed: 1));

    /// <summary>A change here would change every report's error bars.</summary>
    [Fact]
    public void The_draws_are_SplitMix64()
    {
        var draws = new ResamplingDraws(1234567);

        // The generator's first numbers for this seed, as published with its reference code.
        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], new[] { draws.Next(), draws.Next(), draws.Next() });
    }
}
