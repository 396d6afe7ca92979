using Microsoft.AspNetCore.Http;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Functions.Api;

/// <summary>Runs as the API shows them.</summary>
internal static class RunViews
{
    private const int MostNamed = 20;

    public static string Address(RunId run) => $"/api/runs/{run}";

    public static string Files(RunId run) => $"{Address(run)}/files";

    public static RunView Of(RunSummary run, bool cancelRequested = false) => new(run.Id, run.Spec, run.Status, Links(run)) { CancelRequested = cancelRequested };

    /// <summary>The run as it is now.</summary>
    /// <exception cref="ProblemException">404: there is none.</exception>
    public static async Task<RunView> ReadAsync(RunStore runs, RunId id, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(id, cancellationToken) ?? throw Parameters.NoRun(id);
        return await OfAsync(runs, run, isNew: false, cancellationToken);
    }

    /// <summary>A run that was just read; one that is new nobody can have asked to stop.</summary>
    public static async Task<RunView> OfAsync(RunStore runs, RunSummary run, bool isNew, CancellationToken cancellationToken) =>
        Of(run, !isNew && !run.Status.IsFinal && await runs.IsCancelRequestedAsync(run.Id, cancellationToken)) with
        {
            Remedy = run.Status.Failure is { } failure ? await runs.RemedyAsync(run.Id, failure, cancellationToken) : null,
        };

    public static RunFileView Of(RunId run, RunFile file) => new(file.Name, file.Length, file.Sha256, $"{Files(run)}/{file.Name}");

    /// <summary>Where the run stands, once it has a report.</summary>
    /// <exception cref="ProblemException">404: there is no such run; 409: it has none, or not yet.</exception>
    public static async Task<RunStatus> ReadReportedAsync(RunStore runs, RunId run, CancellationToken cancellationToken)
    {
        var status = (await runs.GetStatusAsync(run, cancellationToken) ?? throw Parameters.NoRun(run)).Status;
        return status.Report is not null ? status : throw ProblemException.Conflict(status.IsFinal
            ? $"Run {run} has no report: it is {NameConverterFactory.NameOf(status.State)}. {status.Failure?.Message}".TrimEnd()
            : $"Run {run} has no report yet: it is {NameConverterFactory.NameOf(status.State)}.");
    }

    /// <summary>What a run that has succeeded left.</summary>
    /// <exception cref="ProblemException">404: there is no such run; 409: it has not succeeded, or not yet.</exception>
    public static async Task<IReadOnlyList<RunFile>> ReadFilesAsync(RunStore runs, RunId run, CancellationToken cancellationToken)
    {
        await ReadReportedAsync(runs, run, cancellationToken);
        return (await runs.GetFilesAsync(run, cancellationToken))!;
    }

    /// <summary>One of them. A name only ever chooses among what the run's own report lists.</summary>
    /// <exception cref="ProblemException">404: there is no such run, or it has no such file; 409: it has not succeeded, or not yet.</exception>
    public static async Task<RunFile> ReadFileAsync(RunStore runs, RunId run, string name, CancellationToken cancellationToken)
    {
        var files = await ReadFilesAsync(runs, run, cancellationToken);
        return files.FirstOrDefault(file => file.Name == name) ?? throw ProblemException.NotFound(files.Count > 0
            ? $"Run {run} has no file '{name}'. It has: {string.Join(", ", files.Take(MostNamed).Select(file => file.Name))}"
                + (files.Count > MostNamed ? $" and {files.Count - MostNamed} more; GET {Files(run)} lists all." : ".")
            : $"Run {run} has no file '{name}': it left none besides its report.");
    }

    /// <summary>Its report for people, as the runner wrote it.</summary>
    public static async Task<IResult> ReadDocumentAsync(RunStore runs, RunId run, RunFile file, ReportForm form, CancellationToken cancellationToken) =>
        new DocumentResult(await ReadBytesAsync(runs, file.Blob, cancellationToken), form, $"{run}-{file.Name}");

    public static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(RunStore runs, string blob, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await using var content = await runs.OpenBlobAsync(blob, cancellationToken);
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private static RunLinks Links(RunSummary run) => new(
        Address(run.Id),
        $"{Address(run.Id)}/events",
        run.Status.Report is null ? null : $"{Address(run.Id)}/report",
        run.Status.Report is null ? null : Files(run.Id));
}
