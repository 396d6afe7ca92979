namespace ReidCloud.Datasets;

/// <summary>How a file's bytes are kept.</summary>
public enum FrameEncoding : byte
{
    /// <summary>As a blob of its own.</summary>
    Loose,

    /// <summary>As a zip entry, uncompressed.</summary>
    Stored,

    /// <summary>As a zip entry, raw DEFLATE, the zip's usual method.</summary>
    Deflate,

    /// <summary>As the pixels of an <see cref="ArrayFrame"/>, somewhere in a blob.</summary>
    Pixels,
}

/// <summary>
/// One frame: its name inside the data set, and where its bytes are. <see cref="Blob"/> is an index into the manifest's blobs. For a zip entry
/// <see cref="Offset"/> is that of its local header, as the zip's directory gives it; the bytes themselves begin behind that header, whose length only the
/// header tells, so that a manifest of a million frames needs no request per frame. A loose blob begins at 0; pixels begin at their <see cref="Offset"/>. <see cref="Length"/> and
/// <see cref="Crc32"/> are those of the bytes after decompression. <see cref="FrameBytes"/> reads and verifies them.
/// </summary>
public readonly record struct FrameSource(
    string Name, int Blob, long Offset, long CompressedLength, long Length, FrameEncoding Encoding, uint Crc32)
{
    /// <summary>Is it an entry of a zip, behind a header of its own, its checksum in the zip's directory? That of others is known when they are read.</summary>
    public bool IsInArchive => Encoding is FrameEncoding.Stored or FrameEncoding.Deflate;
}
