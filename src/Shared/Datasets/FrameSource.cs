namespace ReidCloud.Datasets;

/// <summary>How an entry's bytes are kept in its archive.</summary>
public enum FrameEncoding : byte
{
    /// <summary>As they are: a stored zip entry, or a blob of its own.</summary>
    Stored,

    /// <summary>Raw DEFLATE, the zip's usual method.</summary>
    Deflate,
}

/// <summary>
/// One frame: its name inside the data set (for messages), and where its bytes are: bytes <see cref="Offset"/> to
/// <see cref="Offset"/> + <see cref="CompressedLength"/> of blob <see cref="Blob"/> (an index into the manifest's blobs). For zip entries
/// the offset is that of the entry's data, past its local header. <see cref="Crc32"/> is the zip's, 0 when unknown.
/// </summary>
public readonly record struct FrameSource(
    string Name, int Blob, long Offset, long CompressedLength, long Length, FrameEncoding Encoding, uint Crc32);
