using System.Buffers;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// A picture in memory that goes back when it is disposed. Pictures of a data set are looked at once, and most are too large for the heap of small
/// objects: as arrays of their own they cost more than it takes to decode them.
/// </summary>
internal readonly struct BorrowedPicture(int width, int height) : IDisposable
{
    /// <summary>Larger pictures are rare, and nothing is to be kept for them.</summary>
    private const int MostPooled = 1 << 20;

    private readonly byte[] _pixels = width * height * Normalization.Channels <= MostPooled
        ? ArrayPool<byte>.Shared.Rent(width * height * Normalization.Channels)
        : GC.AllocateUninitializedArray<byte>(width * height * Normalization.Channels);

    public int Width => width;

    public int Height => height;

    /// <summary>Interleaved red, green and blue, row after row.</summary>
    public Span<byte> Pixels => _pixels.AsSpan(0, width * height * Normalization.Channels);

    public void Dispose()
    {
        if (_pixels.Length <= MostPooled)
        {
            ArrayPool<byte>.Shared.Return(_pixels);
        }
    }
}
