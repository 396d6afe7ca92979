using System.Diagnostics;
using ReidCloud.Cli;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;
using Spectre.Console;

namespace ReidCloud.Benchmarks;

/// <summary>
/// `./reid bench`: one process after the other for each measurement, its figures as a table, and what was asked to be done with them. A measurement that fails
/// is shown with its last words and does not stop the others; the exit code is then 1.
/// </summary>
/// <param name="root">The checkout whose page and ratios are written.</param>
/// <param name="commit">What the checkout is at.</param>
/// <param name="process">Which program takes a measurement.</param>
internal sealed class Bench(Terminal terminal, IReadOnlyList<Measurement> all, string root, string commit, Func<Measurement, Extent, ProcessStartInfo> process, TimeProvider clock)
{
    /// <summary>Of a line of progress; a bar and its title stand before it.</summary>
    private const int LongestLine = 160;
    private const int ShortestLine = 20;
    private const int BesideIt = 56;

    /// <summary>Ten times what a measurement may take on two quiet cores.</summary>
    private static readonly TimeSpan WholeLimit = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BriefLimit = TimeSpan.FromMinutes(3);

    private string Page => Path.Combine(root, "docs", "benchmarks.md");
    private string Ratios => Path.Combine(root, "tests", "Benchmarks", "ratios.json");

    public async Task<int> RunAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var arguments = BenchArguments.Of(words, [.. all.Select(measurement => measurement.Name)]);
        var chosen = all.Where(measurement => arguments.Names.Contains(measurement.Name)).ToList();
        switch (arguments.Act)
        {
            case BenchAct.Help:
                terminal.Print(BenchArguments.Usage);
                return ExitCode.Ok;
            case BenchAct.List:
                chosen.ForEach(measurement => terminal.Print($"{measurement.Name,-16} {measurement.Title}"));
                return ExitCode.Ok;
            case BenchAct.Page:
                return await WritePageAsync(chosen, cancellationToken);
            case BenchAct.Brief:
                return await EachAsync(chosen, Extent.Brief, (_, taken) => Show(taken.Figures), cancellationToken);
            case BenchAct.From:
                return TakeOver(chosen[0], arguments.From!);
            case BenchAct.Keep:
                return await KeepAsync(chosen, cancellationToken);
            case BenchAct.Check:
                return await CheckAsync(chosen, cancellationToken);
        }

        throw new UnreachableException();
    }

    private async Task<int> WritePageAsync(IReadOnlyList<Measurement> chosen, CancellationToken cancellationToken)
    {
        var sections = new List<Section>();
        var exitCode = await EachAsync(
            chosen,
            Extent.Whole,
            (measurement, taken) =>
            {
                Show(taken.Figures);
                sections.Add(SectionOf(measurement, taken));

                // After each, so that what was measured is not lost with the last one.
                Write(sections);
            },
            cancellationToken);
        Write(sections);
        terminal.Say(sections.Count == all.Count ? $"Written: {Page}" : $"Written: {sections.Count} of {all.Count} sections of {Page}");
        return exitCode;
    }

    private int TakeOver(Measurement measurement, string file)
    {
        var lines = File.ReadLines(file).Select(MeasuredLine.Of).OfType<MeasuredLine>().ToList();
        var figures = lines.Select(line => line.Figure).OfType<Figure>().ToList();
        if (lines.Select(line => line.Machine).OfType<Machine>().LastOrDefault() is not { } machine || figures.Count == 0)
        {
            throw CommandException.Mistake($"'{file}' has no figures of a whole measurement", $"have `measure {measurement.Name} whole` of tests/Benchmarks write it");
        }

        Show(figures);
        Write([SectionOf(measurement, new Taken(figures, machine, null))]);
        return ExitCode.Ok;
    }

    private Section SectionOf(Measurement measurement, Taken taken) => new(measurement.Name, measurement.Title, taken.Figures, taken.Machine!, commit, clock.GetUtcNow());

    private void Write(IReadOnlyList<Section> sections) => File.WriteAllText(Page, BenchmarksPage.With(sections, File.Exists(Page) ? File.ReadAllText(Page) : "", all));

    private async Task<int> KeepAsync(IReadOnlyList<Measurement> chosen, CancellationToken cancellationToken)
    {
        var kept = KeptRatios.Read(Ratios);
        var exitCode = await EachAsync(
            chosen,
            Extent.Brief,
            (measurement, taken) =>
            {
                Show(taken.Figures);
                kept = kept.With(measurement.Name, taken.Machine!, taken.Figures);
                kept.Write(Ratios);
            },
            cancellationToken);
        terminal.Say($"Kept in {Ratios}");
        return exitCode;
    }

    /// <summary>A ratio that is worse is measured once more: only what is worse twice is said to be.</summary>
    private async Task<int> CheckAsync(IReadOnlyList<Measurement> chosen, CancellationToken cancellationToken)
    {
        var kept = KeptRatios.Read(Ratios);
        if (kept.Ratios.Count == 0)
        {
            throw CommandException.Mistake("no ratios are kept to compare with", "`./reid bench --keep`, on a machine that does nothing else");
        }

        var again = new List<Measurement>();
        var worse = 0;
        var exitCode = await EachAsync(chosen, Extent.Brief, (measurement, taken) => Compare(measurement, taken, isLast: false), cancellationToken);
        var second = await EachAsync(again, Extent.Brief, (measurement, taken) => Compare(measurement, taken, isLast: true), cancellationToken);
        if (worse > 0)
        {
            terminal.Say($"Worse twice by more than {KeptRatios.Tolerance:P0}, than was kept on {kept.Machine}. Where that is meant: `./reid bench --keep`.");
        }

        return worse > 0 ? ExitCode.Fault : Math.Max(exitCode, second);

        void Compare(Measurement measurement, Taken taken, bool isLast)
        {
            var changes = kept.Compare(measurement.Name, taken.Figures).ToList();
            var count = changes.Count(change => change.Verdict == RatioVerdict.Worse);
            var table = new WideTable(1, ["what", "kept", "now", "verdict"]);
            foreach (var change in changes)
            {
                var verdict = change.Verdict == RatioVerdict.Worse && !isLast ? "worse, to be measured again" : $"{change.Verdict}".ToLowerInvariant();
                table.AddRow(change.Figure.What, change.Kept is { } ratio ? FigureText.Ratio(ratio) : "–", FigureText.Ratio(change.Figure.Ratio), verdict);
            }

            foreach (var gone in kept.Gone(measurement.Name, taken.Figures))
            {
                table.AddRow(gone, FigureText.Ratio(kept.Ratios[measurement.Name][gone]), "–", "no longer measured");
            }

            terminal.Out.Write(table);
            SayMissing(taken.Figures);
            if (count > 0 && !isLast)
            {
                again.Add(measurement);
            }

            worse += isLast ? count : 0;
        }
    }

    private async Task<int> EachAsync(IReadOnlyList<Measurement> chosen, Extent extent, Action<Measurement, Taken> done, CancellationToken cancellationToken)
    {
        var exitCode = ExitCode.Ok;
        var width = Math.Clamp(terminal.Err.Profile.Width - BesideIt, ShortestLine, LongestLine);
        foreach (var measurement in chosen)
        {
            var taken = await Bars.On(terminal).ShowAsync(async bars =>
            {
                var bar = bars.Add(measurement.Title);
                var result = await MeasuringProcess.RunAsync(
                    process(measurement, extent),
                    extent == Extent.Whole ? WholeLimit : BriefLimit,
                    line => bar.Show(null, line.Length > width ? $"{line[..(width - 1)]}…" : line),
                    cancellationToken);
                bar.Finish(result.Failure is null ? $"{result.Figures.Count} figures" : "failed", result.Failure is null);
                return result;
            });
            if (taken.Failure is { } failure)
            {
                terminal.Complain($"{measurement.Name} {failure}");
                exitCode = ExitCode.Fault;
            }
            else
            {
                done(measurement, taken);
            }
        }

        return exitCode;
    }

    private void Show(IReadOnlyList<Figure> figures)
    {
        var table = new WideTable(1, FigureText.Columns);
        foreach (var figure in figures)
        {
            table.AddRow(FigureText.Cells(figure));
        }

        terminal.Out.Write(table);
        SayMissing(figures);
    }

    private void SayMissing(IReadOnlyList<Figure> figures)
    {
        foreach (var figure in figures.Where(figure => figure.Missing is not null))
        {
            terminal.Print($"{figure.What}: {figure.Missing}");
        }
    }
}
