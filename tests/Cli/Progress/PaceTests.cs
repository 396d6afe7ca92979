using ReidCloud.Cli.Progress;

namespace ReidCloud.Tests.Cli.Progress;

public sealed class PaceTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void Says_nothing_before_it_knows_anything()
    {
        var pace = new Pace(100, _clock);
        Assert.Equal((0, null, null), (pace.Fraction, pace.PerSecond, pace.Remaining));

        pace.Reached(10);
        Assert.Equal((0.1, null, null), (pace.Fraction, pace.PerSecond, pace.Remaining));
    }

    [Fact]
    public void Divides_what_is_left_by_the_rate()
    {
        var pace = new Pace(100, _clock);
        pace.Reached(0);
        _clock.Pass(5);
        pace.Reached(20);

        Assert.Equal(4, pace.PerSecond!.Value, 9);
        Assert.Equal(TimeSpan.FromSeconds(20), pace.Remaining);
    }

    [Fact]
    public void Forgets_a_slow_start()
    {
        var pace = new Pace(1000, _clock);
        pace.Reached(0);
        _clock.Pass(600);
        for (var second = 1; second <= 25; second++)
        {
            _clock.Pass(1);
            pace.Reached(10 * second);
        }

        Assert.Equal(10, pace.PerSecond!.Value, 6);
    }

    [Fact]
    public void Starts_afresh_when_less_is_done_than_before()
    {
        var pace = new Pace(100, _clock);
        pace.Reached(0);
        _clock.Pass(1);
        pace.Reached(50);
        _clock.Pass(1);
        pace.Reached(40);

        Assert.Equal((0.4, null, null), (pace.Fraction, pace.PerSecond, pace.Remaining));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Stays_between_nothing_and_all(double total)
    {
        var pace = new Pace(total, _clock);
        pace.Reached(total + 5);

        Assert.InRange(pace.Fraction, 0, 1);
    }

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now;

        public void Pass(int seconds) => _now += seconds * TimestampFrequency;
    }
}
