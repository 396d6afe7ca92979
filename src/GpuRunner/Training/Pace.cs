namespace ReidCloud.GpuRunner.Training;

/// <summary>How fast training goes: images per second and time remaining from recent steps, and when people want to hear of it again.</summary>
internal sealed class Pace(TimeProvider time)
{
    private const double Memory = 0.9;
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    private long _last = time.GetTimestamp();
    private long _told = time.GetTimestamp();
    private long _images;
    private double _seconds;
    private double? _recentSecondsPerStep;
    private double? _recentImagesPerSecond;

    /// <summary>Of all steps so far; waiting for batches counts, evaluation does not.</summary>
    public double ImagesPerSecond => _seconds > 0 ? _images / _seconds : 0;

    public double RecentImagesPerSecond => _recentImagesPerSecond ?? 0;

    public double SecondsFor(long steps) => steps * (_recentSecondsPerStep ?? 0);

    /// <summary>Time since the last step does not count: something else was done.</summary>
    public void Pause() => _last = time.GetTimestamp();

    public void Count(long images)
    {
        var seconds = time.GetElapsedTime(_last).TotalSeconds;
        _last = time.GetTimestamp();
        _images += images;
        _seconds += seconds;
        _recentSecondsPerStep = Blend(_recentSecondsPerStep, seconds);
        _recentImagesPerSecond = seconds > 0 ? Blend(_recentImagesPerSecond, images / seconds) : _recentImagesPerSecond;
    }

    /// <summary>True at most once a second.</summary>
    public bool IsTimeToTell()
    {
        if (time.GetElapsedTime(_told) < TellEvery)
        {
            return false;
        }

        _told = time.GetTimestamp();
        return true;
    }

    private static double Blend(double? recent, double now) => recent is { } known ? (Memory * known) + ((1 - Memory) * now) : now;
}
