namespace ReidCloud.Cli.Progress;

/// <summary>
/// How fast something goes and how long it will take, from amounts done at times. Looks at the last <see cref="Window"/> only, so that a
/// slow start is forgotten.
/// </summary>
internal sealed class Pace(double total, TimeProvider? clock = null)
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Queue<(long At, double Done)> _marks = [];
    private (long At, double Done) _last;

    public double Total { get; } = total;

    /// <summary>Between 0 and 1.</summary>
    public double Fraction => Total > 0 ? Math.Clamp(_last.Done / Total, 0, 1) : 0;

    /// <summary>Amount per second, or null while nothing can be said.</summary>
    public double? PerSecond
    {
        get
        {
            if (_marks.Count < 2)
            {
                return null;
            }

            var (at, done) = _marks.Peek();
            var seconds = _clock.GetElapsedTime(at, _last.At).TotalSeconds;
            return seconds > 0 && _last.Done > done ? (_last.Done - done) / seconds : null;
        }
    }

    /// <summary>Until all is done at this pace, or null while nothing can be said.</summary>
    public TimeSpan? Remaining =>
        Fraction >= 1 ? TimeSpan.Zero : PerSecond is { } rate ? TimeSpan.FromSeconds((Total - _last.Done) / rate) : null;

    /// <summary>So much is done now. Less than before starts afresh, as a resumed run does.</summary>
    public void Reached(double done)
    {
        var now = _clock.GetTimestamp();
        if (done < _last.Done)
        {
            _marks.Clear();
        }

        _last = (now, done);
        _marks.Enqueue(_last);
        while (_marks.Count > 2 && _clock.GetElapsedTime(_marks.Peek().At, now) > Window)
        {
            _marks.Dequeue();
        }
    }
}
