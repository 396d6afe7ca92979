using System.Diagnostics;
using ReidCloud.Cli.Progress;

namespace ReidCloud.Benchmarks;

/// <summary>What a measurement came to. Where it failed, why: the figures it had until then are not to be used.</summary>
internal sealed record Taken(IReadOnlyList<Figure> Figures, Machine? Machine, string? Failure);

/// <summary>
/// One measurement in a process of its own. What it says besides figures is shown while it runs, and its last words when it ends badly; neither that nor a
/// measurement that never ends stops the next one.
/// </summary>
internal static class MeasuringProcess
{
    /// <summary>Of what it said, when it fails.</summary>
    private const int LastWords = 12;

    /// <summary>What it started may hold its streams open for longer than it lives.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    /// <param name="said">A line of progress.</param>
    public static async Task<Taken> RunAsync(ProcessStartInfo start, TimeSpan limit, Action<string> said, CancellationToken cancellationToken)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var words = new Queue<string>();
        var figures = new List<Figure>();
        Machine? machine = null;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var streams = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(ending.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return Failed($"took longer than {Words.Duration(limit)}");
        }

        await Task.WhenAny(streams, Task.Delay(Rest, cancellationToken));
        lock (figures)
        {
            return process.ExitCode != 0 ? Failed($"ended with exit code {process.ExitCode}")
                : machine is null ? Failed("ended before it said what it was taken on")
                : figures.CountBy(figure => figure.What).FirstOrDefault(what => what.Value > 1) is { Key: { } twice } ? Failed($"has two figures of the same name, '{twice}'")
                : new Taken([.. figures], machine, null);
        }

        Taken Failed(string how)
        {
            lock (figures)
            {
                return new Taken([.. figures], machine, string.Join('\n', words.Prepend(how)));
            }
        }

        async Task ReadAsync(StreamReader stream)
        {
            while (await stream.ReadLineAsync(CancellationToken.None) is { } line)
            {
                lock (figures)
                {
                    if (MeasuredLine.Of(line) is { } told)
                    {
                        machine = told.Machine ?? machine;
                        if (told.Figure is { } figure)
                        {
                            figures.Add(figure);
                            said(FigureText.Line(figure));
                        }
                    }
                    else if (line.Length > 0)
                    {
                        words.Enqueue(line);
                        if (words.Count > LastWords)
                        {
                            words.Dequeue();
                        }

                        said(line);
                    }
                }
            }
        }
    }
}
