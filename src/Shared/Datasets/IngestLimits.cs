namespace ReidCloud.Datasets;

/// <summary>
/// How much an upload may ask of ingest, all its archives and loose files together. MARS, the largest public set, has 1.2 million files of 6 GB, with names of
/// 45 million letters, and lists of 14 MB. At the limits the lists of names and files take about a gigabyte; nothing else grows with the upload.
/// </summary>
public static class IngestLimits
{
    /// <summary>Blobs, whether archives or loose files.</summary>
    public const int Uploads = 2_000_000;

    /// <summary>Bytes of all blobs, as they were uploaded.</summary>
    public const long Bytes = 1L << 40;

    public const int Files = 5_000_000;

    /// <summary>Letters of all files' names.</summary>
    public const long NameLetters = 128L << 20;

    /// <summary>Frames of all tracklets, those that tracklets share counted for each.</summary>
    public const long Frames = 20_000_000;

    /// <summary>Bytes that are looked at: of packed frames, unpacked, no more are chosen; more of loose ones are refused.</summary>
    public const long CheckedBytes = 32L << 30;

    /// <summary>Bytes of frames that are compared with others.</summary>
    public const long ComparedBytes = 4L << 30;

    /// <summary>Bytes, lines, and bytes of a line of the texts that describe a data set.</summary>
    public const int Text = 128 << 20;
    public const int Lines = 5_000_000;
    public const int Line = 64 << 10;

    /// <summary>Bytes of a JSON text, which takes many times its length in memory.</summary>
    public const int Json = 16 << 20;
}
