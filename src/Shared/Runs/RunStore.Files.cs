using System.Net.Mime;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using ReidCloud.Reports;

namespace ReidCloud.Runs;

public sealed partial class RunStore
{
    /// <summary>To begin a download with; one that is under way goes on.</summary>
    private static readonly TimeSpan FileValidity = TimeSpan.FromMinutes(5);

    /// <summary>Of queries MSMT17 has the most, 11,659, each some 200 bytes in a setting; the rest is pictures.</summary>
    private const int LongestInsights = 128 << 20;

    /// <summary>
    /// What a succeeded run left besides its report: the files that the report lists, the report for people and, where the run made some, its curves, its final
    /// checkpoint, and the best one where that is another. Null when the run does not exist or has not succeeded.
    /// </summary>
    public async Task<IReadOnlyList<RunFile>?> GetFilesAsync(RunId run, CancellationToken cancellationToken)
    {
        if ((await GetStatusAsync(run, cancellationToken).ConfigureAwait(false))?.Status is not { Report: { } blob } status
            || (await StoredJson.ReadAsync<MetricReport>(Blob(blob), cancellationToken).ConfigureAwait(false))?.Value is not { } report)
        {
            return null;
        }

        List<RunFile> files = [.. report.Files, .. await ForPeopleAsync(run, blob, cancellationToken).ConfigureAwait(false)];
        if (RunPaths.AttemptOf(run, blob) is { } attempt
            && await FindAsync(RunFileName.TensorBoard, RunPaths.File(run, attempt, RunFileName.TensorBoard), cancellationToken).ConfigureAwait(false) is { } curves)
        {
            files.Add(curves);
        }

        if (status.Checkpoint is { } final)
        {
            files.Add(await FileAsync(RunFileName.Checkpoint, final, cancellationToken).ConfigureAwait(false));
        }

        if (status.BestCheckpoint is { } best && best.Blob != status.Checkpoint?.Blob)
        {
            files.Add(await FileAsync(RunFileName.Best, best, cancellationToken).ConfigureAwait(false));
        }

        return files;
    }

    /// <summary>How each query of a succeeded run came out, from its insights. Empty where it left none, as those of earlier versions did not.</summary>
    /// <exception cref="InvalidDataException">They are damaged, or gone.</exception>
    public async Task<IReadOnlyList<SettingInsights>> GetQueriesAsync(MetricReport report, CancellationToken cancellationToken)
    {
        if (report.Files.FirstOrDefault(file => file.Name == RunFileName.Insights) is not { } file)
        {
            return [];
        }

        var insights = await StoredJson.ReadAsync<ReportInsights>(Blob(file.Blob), cancellationToken, LongestInsights).ConfigureAwait(false)
            ?? throw new InvalidDataException($"blob '{file.Blob}' is gone");

        // The pictures, which are most of it, need not wait for the others.
        return [.. insights.Value.Settings.Select(setting => new SettingInsights(setting.Setting) { Variant = setting.Variant, Queries = setting.Queries })];
    }

    /// <summary>A short-lived address from which anyone who has it can read this one file, under its own name.</summary>
    public Task<SignedAddress> OfferFileAsync(RunFile file, CancellationToken cancellationToken) => storage.SignAsync(
        Blob(file.Blob),
        BlobSasPermissions.Read,
        time.GetUtcNow(),
        FileValidity,
        new ContentDisposition(DispositionTypeNames.Attachment) { FileName = file.Name }.ToString(),
        cancellationToken);

    /// <summary>What stands beside the report; of runs of an older version nothing.</summary>
    private async Task<IReadOnlyList<RunFile>> ForPeopleAsync(RunId run, string report, CancellationToken cancellationToken)
    {
        var files = new List<RunFile>();
        if (RunPaths.AttemptOf(run, report) is { } attempt)
        {
            var wanted = RunPaths.ReportsForPeople(run, attempt);
            await foreach (var blob in storage.Runs.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, Path.ChangeExtension(report, "."), cancellationToken).ConfigureAwait(false))
            {
                if (wanted.Contains(blob.Name))
                {
                    var hash = blob.Metadata.TryGetValue(HashName, out var kept) ? kept : await HashAsync(blob.Name, cancellationToken).ConfigureAwait(false);
                    files.Add(new RunFile(blob.Name[RunPaths.Attempt(run, attempt).Length..], blob.Name, blob.Properties.ContentLength ?? 0, hash));
                }
            }
        }

        return files;
    }

    /// <summary>A file that no report lists, because it is written after that. Null where there is none.</summary>
    private async Task<RunFile?> FindAsync(string name, string blob, CancellationToken cancellationToken)
    {
        try
        {
            var properties = (await Blob(blob).GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
            return new RunFile(name, blob, properties.ContentLength, properties.Metadata[HashName]);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    private async Task<RunFile> FileAsync(string name, CheckpointPointer checkpoint, CancellationToken cancellationToken)
    {
        var properties = await Blob(checkpoint.Blob).GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return new RunFile(name, checkpoint.Blob, properties.Value.ContentLength, checkpoint.Sha256);
    }
}
