namespace ReidCloud.Datasets;

/// <summary>Where an ingest stands: what it does now, and how much of it is done.</summary>
public readonly record struct IngestProgress(string Step, long Done, long Total);

/// <summary>
/// Makes a manifest of uploaded blobs: lists their files, recognises the layout, checks frames and says what the set holds. Reads archives where they lie and
/// unpacks nothing.
/// </summary>
public static class DatasetIngest
{
    /// <summary>So many bytes of uploads may be a million frames.</summary>
    private const long Large = 64L << 20;

    /// <param name="uploads">Archives (by the name's ending .zip) and loose files, mixed as they come.</param>
    /// <param name="open">A seekable stream of a blob; called from several threads for loose files.</param>
    /// <param name="layout">A name of <see cref="LayoutRegistry"/>; null recognises it.</param>
    /// <param name="variant">One of the layout's; null is its first.</param>
    /// <exception cref="DatasetException">The upload cannot be a data set; everything found is in it.</exception>
    public static DatasetManifest Run(
        string name,
        IReadOnlyList<DatasetBlob> uploads,
        Func<DatasetBlob, Stream> open,
        string? layout,
        IProgress<IngestProgress>? progress,
        CancellationToken cancellation,
        string? variant = null)
    {
        if (uploads.Count == 0)
        {
            throw new DatasetException(new Finding(FindingSeverity.Error, "no-files", "Nothing was uploaded. Upload the data set's .zip, or its files.", 0, []));
        }

        var bytes = uploads.Sum(upload => upload.Length);
        if (uploads.Count > IngestLimits.Uploads || bytes > IngestLimits.Bytes)
        {
            throw new DatasetException(new Finding(
                FindingSeverity.Error, "upload-too-large",
                $"{uploads.Count} files of {bytes} bytes were uploaded; a data set has at most {IngestLimits.Uploads} of {IngestLimits.Bytes}. Pack loose files into a .zip, or split the data set.", 1, []));
        }

        if (bytes >= Large)
        {
            // What an earlier one of a million frames left is hundreds of megabytes, which nothing collects as long as the machine has more: no two are to lie there at once.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        // By name, so that the same files uploaded in another order give the same manifest.
        DatasetBlob[] blobs = [.. uploads.OrderBy(blob => blob.Name, StringComparer.Ordinal).ThenBy(blob => blob.Dataset, StringComparer.Ordinal)];
        progress?.Report(new IngestProgress("listing", 0, blobs.Length));
        var files = UploadedFiles.Open(blobs, open, cancellation);
        progress?.Report(new IngestProgress("listing", blobs.Length, blobs.Length));
        try
        {
            var chosen = LayoutRegistry.Choose(files.Listing, layout);
            var meant = chosen.VariantOf(variant);
            var draft = chosen.Read(files.Listing, meant);
            ThrowIfErrors(draft);
            FrameSource[] frames = FrameChecks.Run(files, draft, progress, cancellation);
            ThrowIfErrors(draft);
            var (identities, cameras, tracklets) = draft.Tables();
            DuplicateFrames.Find(files, frames, tracklets, draft.Findings, cancellation);
            var diagnosis = ManifestDiagnoser.Diagnose(identities, cameras, tracklets, draft.IsRepacked ? null : chosen.PublishedOf(meant), draft.Findings);
            ThrowIfErrors(draft);
            return new DatasetManifest(
                name, chosen.Name, ManifestHash.Of(identities, cameras, frames, tracklets, draft.Draws), identities, cameras, blobs, frames, tracklets, diagnosis)
            {
                Variant = meant,
                GalleryDraws = draft.Draws,
            };
        }
        catch (ArchiveException exception)
        {
            throw new DatasetException(new Finding(FindingSeverity.Error, "bad-archive", exception.Message, 1, []));
        }
    }

    private static void ThrowIfErrors(ManifestDraft draft)
    {
        if (draft.Findings.HasErrors)
        {
            throw new DatasetException(draft.Findings.ToList());
        }
    }
}
