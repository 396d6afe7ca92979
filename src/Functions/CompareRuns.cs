using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Reports;
using ReidCloud.Reports.Comparisons;
using ReidCloud.Reports.Page;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Functions;

/// <summary>Lays runs that have succeeded side by side.</summary>
public sealed class CompareRuns(RunStore runs)
{
    private const int Fewest = 2;
    private const int Most = 50;

    [Function(nameof(CompareRuns))]
    [Summary("Lays runs side by side: figures with error bars, seeds, paired differences, what differs, data sets")]
    [Query("runs", typeof(string), "Ids of 2 to 50 runs that have succeeded, separated by commas; the others are tested against the first")]
    [Query(ReportForms.Query, typeof(ReportForm), "The form; without it what the Accept header prefers, else JSON")]
    [Answers(200, typeof(Comparison), "The comparison", AllForms = true)]
    [Answers(400, null, "Too few runs, too many, one twice, or one that measured nothing")]
    [Answers(404, null, "There is no such run; which, it says")]
    [Answers(409, null, "A run has not succeeded, or not yet")]
    [Answers(500, null, "What is stored of a run is damaged; which, it says")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/compare")] HttpRequest request, CancellationToken cancellationToken) =>
        Answer.WithAsync(request, async () =>
        {
            Parameters.Allow(request, "runs", ReportForms.Query);
            var form = ReportForms.Asked(request);
            var outcomes = new List<RunOutcome>();
            foreach (var run in Asked(request))
            {
                outcomes.Add(await ReadAsync(run, cancellationToken));
            }

            return Shown(Comparison.Of(outcomes), form);
        });

    private static IResult Shown(Comparison comparison, ReportForm form) => form switch
    {
        ReportForm.Json => JsonResult.Of(comparison),
        ReportForm.Html => Document(ComparisonPage.Write(comparison), form),
        ReportForm.Md => Document(ComparisonText.Write(comparison), form),
        ReportForm.Csv => Document(ComparisonTable.Write(comparison), form),
    };

    private static DocumentResult Document(string text, ReportForm form) =>
        new(Encoding.UTF8.GetBytes(text), form, $"comparison.{NameConverterFactory.NameOf(form)}");

    /// <exception cref="SpecException">They are too few or too many, or one is there twice.</exception>
    /// <exception cref="ProblemException">404: one cannot be a run.</exception>
    private static IReadOnlyList<RunId> Asked(HttpRequest request)
    {
        var asked = (Parameters.Text(request, "runs") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (asked.Length is < Fewest or > Most)
        {
            throw new SpecException("?runs", $"must name {Fewest} to {Most} runs by their ids, separated by commas; named were {asked.Length}");
        }

        return asked.CountBy(run => run).FirstOrDefault(run => run.Value > 1) is { Key: { } twice }
            ? throw new SpecException("?runs", $"names run {twice} more than once: leave it out the other times")
            : [.. asked.Select(Parameters.Run)];
    }

    /// <summary>How what an evaluate run measures was trained: trainings that differ in the seed alone stand together.</summary>
    private async Task<TrainSpec?> TrainedAsync(RunSpec spec, CancellationToken cancellationToken) =>
        spec is EvaluateSpec { Checkpoint.Run: { } trained } && RunId.TryParse(trained, out var id) ? await runs.GetSpecAsync(id, cancellationToken) as TrainSpec : null;

    private async Task<RunOutcome> ReadAsync(RunId run, CancellationToken cancellationToken)
    {
        try
        {
            await RunViews.ReadReportedAsync(runs, run, cancellationToken);
            var report = (await runs.GetReportAsync(run, cancellationToken))!;
            return report.Settings.Count > 0
                ? new RunOutcome(report) { Queries = await runs.GetQueriesAsync(report, cancellationToken), Trained = await TrainedAsync(report.Spec, cancellationToken) }
                : throw new SpecException("?runs", $"run {run} (kind '{SpecKinds.NameOf(report.Spec)}') measured nothing to compare: leave it out");
        }
        catch (Exception damage) when (damage is InvalidDataException or FileNotFoundException)
        {
            throw new ProblemException(StatusCodes.Status500InternalServerError, $"What is stored of run {run} is damaged, so it cannot be compared: {damage.Message}. Leave it out, or have it done again.");
        }
    }
}
