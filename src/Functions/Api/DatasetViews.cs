using Microsoft.AspNetCore.Http;
using ReidCloud.Datasets;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Functions.Api;

/// <summary>Data sets as the API shows them.</summary>
internal static class DatasetViews
{
    public static string Address(string name) => $"/api/datasets/{name}";

    public static DatasetView Of(string name, CommitStatus status) => new(name, status.State, status.UpdatedAt)
    {
        Layout = status.Layout,
        Variant = status.Variant,
        From = status.From,
        Combine = status.Combine,
        Hash = status.Hash,
        Diagnosis = status.Diagnosis,
        Failure = status.Failure,
        Findings = status.State == DatasetState.Failed ? status.Findings : null,
        Progress = status.Progress is { } at ? new IngestProgress(at.Step, at.Done, at.Total) : null,
    };

    /// <summary>Why the files are no data set: each error that was found, by its code, with places and the remedy.</summary>
    public static ProblemDocument Refusal(string name, CommitStatus status)
    {
        SpecError[] errors = [.. status.Findings.Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => new SpecError(
            finding.Code,
            finding.Examples.Count == 0 ? finding.Message : $"{finding.Message} ({finding.Count}): {string.Join("; ", finding.Examples)}"))];
        return ProblemDocument.Of(StatusCodes.Status422UnprocessableEntity, status.Failure ?? "The files are no data set", errors) with
        {
            Instance = Address(name),
        };
    }
}
