namespace ReidCloud.Cli.Progress;

/// <summary>A line when something begins, every few seconds while it goes on, and when it ends: for logs and pipes.</summary>
internal sealed class PlainBars(Terminal terminal, TimeProvider? clock = null) : Bars
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    public override Task<T> ShowAsync<T>(Func<Bars, Task<T>> work) => work(this);

    public override Bar Add(string title)
    {
        Write($"{title}…");
        return new PlainBar(this, title);
    }

    private void Write(string line) => terminal.Complain(line);

    private sealed class PlainBar(PlainBars bars, string title) : Bar
    {
        private readonly long _began = bars._clock.GetTimestamp();
        private long _said = bars._clock.GetTimestamp();

        public override void Show(double? fraction, string detail, TimeSpan? remaining = null)
        {
            if (bars._clock.GetElapsedTime(_said) < Interval)
            {
                return;
            }

            _said = bars._clock.GetTimestamp();
            var percent = fraction is { } done ? $" {done * 100:F0} %" : "";
            bars.Write($"{title}:{percent} {detail}{(remaining is null ? "" : $", {Words.Duration(remaining)} left")}");
        }

        public override void Finish(string detail, bool success = true) =>
            bars.Write($"{title}: {detail} ({Words.Duration(bars._clock.GetElapsedTime(_began))})");
    }
}
