using System.Globalization;
using ReidCloud.Reports;

namespace ReidCloud.Runs;

/// <summary>
/// Every blob name of the system on one page. Containers: <see cref="Runs"/>, <see cref="Datasets"/>, <see cref="Weights"/> and <see cref="Index"/>.
/// </summary>
public static class RunPaths
{
    public const string Runs = "runs";
    public const string Datasets = "datasets";
    public const string Weights = "weights";

    /// <summary>Small blobs that exist to be listed: which runs are unfinished, and runs by time of submission.</summary>
    public const string Index = "index";

    /// <summary>The one mutable blob of a run, leased by the runner that owns it.</summary>
    public static string Status(RunId run) => $"{run}/status.json";

    /// <summary>Written once, when the run is submitted.</summary>
    public static string Spec(RunId run) => $"{run}/spec.json";

    /// <summary>Its existence asks the run to stop. Written once, by anyone.</summary>
    public static string Cancel(RunId run) => $"{run}/cancel";

    /// <summary>Runs that build on this one.</summary>
    public static string Dependents(RunId run) => $"{run}/dependents/";

    public static string Dependent(RunId run, RunId dependent) => $"{Dependents(run)}{dependent}";

    public static string AllAttempts(RunId run) => $"{run}/attempt-";

    /// <summary>The number of the attempt that wrote the blob, or null where none did.</summary>
    public static int? AttemptOf(RunId run, string blob) =>
        blob.StartsWith(AllAttempts(run), StringComparison.Ordinal) && blob.IndexOf('/', AllAttempts(run).Length) is var end and > 0
            && int.TryParse(blob.AsSpan(AllAttempts(run).Length, end - AllAttempts(run).Length), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? attempt
            : null;

    /// <summary>Everything that one attempt writes, each blob once. It counts only when status.json points at it.</summary>
    public static string Attempt(RunId run, int attempt) => $"{AllAttempts(run)}{attempt}/";

    public static string Events(RunId run, int attempt) => $"{Attempt(run, attempt)}events.jsonl";

    /// <summary>How an attempt ended that could not write the status any more. Written once, by itself or by who watched it die.</summary>
    public static string AttemptEnd(RunId run, int attempt) => $"{Attempt(run, attempt)}end.json";

    public static string Report(RunId run, int attempt) => $"{Attempt(run, attempt)}{RunFileName.Report}";

    /// <summary>The report for people, beside it: a page, a text, a table.</summary>
    public static IReadOnlyList<string> ReportsForPeople(RunId run, int attempt) =>
        [ReportPage(run, attempt), ReportText(run, attempt), ReportTable(run, attempt)];

    public static string ReportPage(RunId run, int attempt) => $"{Attempt(run, attempt)}{RunFileName.ReportPage}";

    public static string ReportText(RunId run, int attempt) => $"{Attempt(run, attempt)}{RunFileName.ReportText}";

    public static string ReportTable(RunId run, int attempt) => $"{Attempt(run, attempt)}{RunFileName.ReportTable}";

    /// <summary>A file that the attempt leaves beside its report: a picture, a table of distances.</summary>
    public static string File(RunId run, int attempt, string name) => $"{Attempt(run, attempt)}files/{name}";

    /// <summary>A checkpoint after so many finished epochs and so many steps of the one begun.</summary>
    public static string Checkpoint(RunId run, int attempt, int epoch, int step) =>
        $"{Attempt(run, attempt)}epoch-{epoch:D4}-step-{step:D5}.safetensors";

    public static string Manifest(string dataset) => $"{dataset}/manifest.json";

    /// <summary>Where a commit stands: the data set's counterpart of a run's status.</summary>
    public static string Commit(string dataset) => $"{dataset}/commit.json";

    public static string Uploads(string dataset) => $"{dataset}/uploads/";

    public static string Upload(string dataset, string file) => $"{Uploads(dataset)}{file}";

    /// <summary>Written once: what pushed weights are. Without it there are none of that name.</summary>
    public static string WeightsManifest(string weights) => $"{weights}/weights.json";

    /// <summary>Their bytes, under a name that no client can write to.</summary>
    public static string WeightsContent(string weights, string sha256) => $"{weights}/{sha256}";

    /// <summary>What clients put there to be looked at; gone when it was.</summary>
    public static string WeightsUploads(string weights) => $"{weights}/uploads/";

    public static string WeightsUpload(string weights, string file) => $"{WeightsUploads(weights)}{file}";

    public const string AllOpen = "open/";

    /// <summary>There while the run is not final, so that unfinished runs are found without reading all.</summary>
    public static string Open(RunId run) => $"{AllOpen}{run}";

    public const string AllCommitting = "committing/";

    /// <summary>There while a data set's commit is under way, so that one whose process died is found.</summary>
    public static string Committing(string dataset) => $"{AllCommitting}{dataset}";

    public const string AllSubmitted = "submitted/";

    /// <summary>Sorts newest first.</summary>
    public static string Submitted(DateTimeOffset at, RunId run) => $"{AllSubmitted}{NewestFirst(at)}-{run}";

    public const string AllDead = "dead/";
    private const string NudgeOf = "nudge-";

    /// <summary>There while a run is failed. Sorts newest first, together with nudges that were put aside.</summary>
    public static string DeadRun(DateTimeOffset failedAt, RunId run) => $"{AllDead}{NewestFirst(failedAt)}-{run}";

    public static string DeadNudge(DateTimeOffset at, string hash) => $"{AllDead}{NewestFirst(at)}-{NudgeOf}{hash}";

    public static RunId RunOfDead(string blob) => RunId.Parse(blob[(blob.LastIndexOf('-') + 1)..]);

    /// <summary>The hash of the nudge's text, or null when it is a run's.</summary>
    public static string? NudgeOfDead(string blob) => blob.LastIndexOf(NudgeOf, StringComparison.Ordinal) is var at and >= 0 ? blob[(at + NudgeOf.Length)..] : null;

    /// <summary>What a nudge said that nobody could handle, and when the first such came. Written once.</summary>
    public static string AsideNudge(string hash) => $"aside/{hash}";

    private static string NewestFirst(DateTimeOffset at) => $"{long.MaxValue - at.UtcTicks:D19}";
}
