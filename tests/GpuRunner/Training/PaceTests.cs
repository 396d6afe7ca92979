using ReidCloud.GpuRunner.Training;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Training;

public sealed class PaceTests
{
    private readonly ManualClock _time = new();

    [Fact]
    public void Images_per_second_leave_pauses_out()
    {
        var pace = new Pace(_time);
        Step(pace, 2);
        _time.Advance(TimeSpan.FromHours(1));
        pace.Pause();
        Step(pace, 2);

        Assert.Equal(5, pace.ImagesPerSecond, 1e-9);
        Assert.Equal(5, pace.RecentImagesPerSecond, 1e-9);
        Assert.Equal(14, pace.SecondsFor(7), 1e-9);
    }

    [Fact]
    public void Recent_steps_count_more_than_old_ones()
    {
        var pace = new Pace(_time);
        Step(pace, 1);
        for (var i = 0; i < 100; i++)
        {
            Step(pace, 2);
        }

        Assert.Equal(2, pace.SecondsFor(1), 1e-3);
        Assert.Equal(5, pace.RecentImagesPerSecond, 1e-2);
    }

    [Fact]
    public void People_hear_of_it_once_a_second()
    {
        var pace = new Pace(_time);
        var told = new List<bool>();
        for (var i = 0; i < 8; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(400));
            told.Add(pace.IsTimeToTell());
        }

        Assert.Equal([false, false, true, false, false, true, false, false], told);
    }

    private void Step(Pace pace, double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        pace.Count(10);
    }
}
