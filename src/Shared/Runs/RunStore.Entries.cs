using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>
/// The list of runs has an entry for each, which may hold its status while that is at rest: as it was submitted, or final. So a page of such runs costs one
/// request, and only those that are worked on are read one by one. An entry never says anything else than status.json:
/// <list type="bullet">
/// <item>As it was submitted: the entry is made after status.json and never over another. Whoever changes such a status first writes the entry empty, which also
/// lists a run whose submission did not come so far, and keeps a late entry out.</item>
/// <item>Final: the run's marker was still the one that was there before status.json was read, and no retry's, when the entry was looked at; and the entry is still
/// that one when it is written. A retry writes the marker, then the entry empty, then status.json: so it either is seen, or empties what was written.</item>
/// </list>
/// A death in between leaves an entry that is empty, and status.json is read instead of it.
/// </summary>
public sealed partial class RunStore
{
    private const string StatusName = "status";

    /// <summary>All metadata of a blob are 8 KiB at most. A longer status stays where it is.</summary>
    private const int LongestHeld = 6 << 10;

    /// <summary>Puts the run into the list of runs if a death in the middle of its submission kept it out: true.</summary>
    internal async Task<bool> EnsureListedAsync(RunId run, RunStatus status, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(Entry(run, status), status.IsAsSubmitted ? status : null, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <summary>To be called before a status is changed that may be at rest: from now on the list reads it where it stands.</summary>
    private Task StirAsync(RunId run, RunStatus status, CancellationToken cancellationToken) =>
        status.IsAsSubmitted || status.IsFinal ? WriteAsync(Entry(run, status), null, null, cancellationToken) : Task.CompletedTask;

    /// <summary>Has the list say how a run ended. Whoever has changed the entry since it had that version means it.</summary>
    private async Task RestAsync(RunId run, RunStatus final, ETag entry, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(Entry(run, final), final, new BlobRequestConditions { IfMatch = entry }, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            // It was tried again since, or the answer to a first try was lost.
        }
    }

    private static async Task WriteAsync(BlobClient entry, RunStatus? held, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions { Conditions = conditions };
        if (held is not null && ReidJson.Write(held) is { Length: <= LongestHeld } json)
        {
            // JSON of ours is ASCII, as a header must be.
            options.Metadata = new Dictionary<string, string> { [StatusName] = Encoding.ASCII.GetString(json) };
        }

        await entry.UploadAsync(BinaryData.FromBytes(Nothing), options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The status that an entry holds; null where it must be read.</summary>
    private static RunStatus? Held(BlobItem entry)
    {
        try
        {
            return entry.Metadata?.TryGetValue(StatusName, out var json) == true ? ReidJson.Read<RunStatus>(Encoding.UTF8.GetBytes(json)) : null;
        }
        catch (SpecException)
        {
            // Another version's. Whether it can be read where it stands is told there.
            return null;
        }
    }

    private BlobClient Entry(RunId run, RunStatus status) => storage.Index.GetBlobClient(RunPaths.Submitted(status.SubmittedAt, run));
}
