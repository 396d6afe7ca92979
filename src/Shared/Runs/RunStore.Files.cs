using System.Net.Mime;
using Azure.Storage.Sas;
using ReidCloud.Reports;

namespace ReidCloud.Runs;

public sealed partial class RunStore
{
    /// <summary>To begin a download with; one that is under way goes on.</summary>
    private static readonly TimeSpan FileValidity = TimeSpan.FromMinutes(5);

    /// <summary>
    /// What a succeeded run left besides its report: the files that the report lists and, where the run made one, its final checkpoint. Null when the run
    /// does not exist or has not succeeded.
    /// </summary>
    public async Task<IReadOnlyList<RunFile>?> GetFilesAsync(RunId run, CancellationToken cancellationToken)
    {
        if ((await GetStatusAsync(run, cancellationToken).ConfigureAwait(false))?.Status is not { Report: { } blob } status
            || (await StoredJson.ReadAsync<MetricReport>(Blob(blob), cancellationToken).ConfigureAwait(false))?.Value is not { } report)
        {
            return null;
        }

        if (status.Checkpoint is not { } checkpoint)
        {
            return report.Files;
        }

        var properties = await Blob(checkpoint.Blob).GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. report.Files, new RunFile(RunFileName.Checkpoint, checkpoint.Blob, properties.Value.ContentLength, checkpoint.Sha256)];
    }

    /// <summary>A short-lived address from which anyone who has it can read this one file, under its own name.</summary>
    public Task<SignedAddress> OfferFileAsync(RunFile file, CancellationToken cancellationToken) => storage.SignAsync(
        Blob(file.Blob),
        BlobSasPermissions.Read,
        time.GetUtcNow(),
        FileValidity,
        new ContentDisposition(DispositionTypeNames.Attachment) { FileName = file.Name }.ToString(),
        cancellationToken);
}
