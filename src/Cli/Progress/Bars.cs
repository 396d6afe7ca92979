namespace ReidCloud.Cli.Progress;

/// <summary>
/// Shows things that take longer than a second: drawn over and over on a terminal, a line now and then elsewhere.
/// </summary>
internal abstract class Bars
{
    /// <summary>Runs <paramref name="work"/>, which adds bars and moves them.</summary>
    public abstract Task<T> ShowAsync<T>(Func<Bars, Task<T>> work);

    public abstract Bar Add(string title);

    public static Bars On(Terminal terminal) => terminal.IsLive ? new LiveBars(terminal) : new PlainBars(terminal);

    /// <summary>One bar for one piece of work that counts bytes.</summary>
    public static Task<T> BytesAsync<T>(Terminal terminal, string title, double total, Func<Action<long>, Task<T>> work) =>
        On(terminal).ShowAsync(async bars =>
        {
            var bar = bars.Add(title);
            var pace = new Pace(total);
            var result = await work(done =>
            {
                pace.Reached(done);
                bar.Show(pace.Fraction, $"{Words.Bytes(done)} of {Words.Bytes(Math.Max(done, total))}{Rate(pace)}", pace.Remaining);
            });
            bar.Finish("done");
            return result;
        });

    /// <summary>One line for one piece of work of unknown length.</summary>
    public static Task<T> WaitAsync<T>(Terminal terminal, string title, Func<Bar, Task<T>> work) =>
        On(terminal).ShowAsync(async bars =>
        {
            var bar = bars.Add(title);
            var result = await work(bar);
            bar.Finish("done");
            return result;
        });

    private static string Rate(Pace pace) => pace.PerSecond is { } rate ? $", {Words.Bytes(rate)}/s" : "";
}

/// <summary>One of the things that are going on.</summary>
internal abstract class Bar
{
    /// <summary>So much is done (null: unknown), what that means, and how long the rest takes.</summary>
    public abstract void Show(double? fraction, string detail, TimeSpan? remaining = null);

    /// <summary>It is over; the detail stays.</summary>
    public abstract void Finish(string detail, bool success = true);
}
