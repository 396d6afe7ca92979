using System.Numerics;
using System.Text;

namespace ReidCloud.Datasets;

/// <summary>
/// Reads some files of an archive in its order, neighbors together, because behind the stream there may be a network: while one piece is looked at, the next is
/// fetched.
/// </summary>
/// <param name="files">In the order in which they lie in it.</param>
/// <param name="receive">Hears of one file after the other: its bytes, or why they cannot be had.</param>
internal sealed class ArchiveReading(Stream archive, FrameSource[] files, Action<FrameSource, byte[]?, ArchiveException?> receive)
{
    /// <summary>How much is fetched at once, and the gap between files that is read over rather than jumped.</summary>
    private const int PieceLength = 4 << 20;
    private const int SmallGap = 64 << 10;

    /// <summary>A local header beyond its fixed part and name: extra fields are some tens of bytes.</summary>
    private const int HeaderSlack = 256;

    public void Run(CancellationToken cancellation)
    {
        var spare = Array.Empty<byte>();
        for (var piece = Fetch(0, []); piece.From < piece.To;)
        {
            cancellation.ThrowIfCancellationRequested();
            var (at, buffer) = (piece, spare);
            var next = Task.Run(() => Fetch(at.To, buffer), CancellationToken.None);
            try
            {
                for (var i = at.From; i < at.To; i++)
                {
                    Receive(at, files[i], next);
                }
            }
            finally
            {
                // Whatever became of it: nobody may read the stream any more when this returns.
                Task.WhenAny(next).Wait(CancellationToken.None);
            }

            spare = at.Bytes;
            piece = next.GetAwaiter().GetResult();
        }
    }

    private void Receive(Piece piece, FrameSource file, Task next)
    {
        byte[] bytes;
        try
        {
            bytes = Read(piece, file, next);
        }
        catch (ArchiveException exception)
        {
            receive(file, null, exception);
            return;
        }

        receive(file, bytes, null);
    }

    /// <summary>From the piece at hand, or on its own where its header is longer than any ordinary one: when the stream is free.</summary>
    private byte[] Read(Piece piece, FrameSource file, Task next)
    {
        var from = piece.Bytes.AsSpan((int)Math.Min(file.Offset - piece.Start, piece.Length)..piece.Length);
        if (from.Length >= LocalHeader.Length && from.Length - LocalHeader.DataOffset(from, file.Name) >= file.CompressedLength)
        {
            return FrameBytes.Read(from, file);
        }

        Task.WhenAny(next).Wait(CancellationToken.None);
        return ArchiveIndex.Open(archive, file);
    }

    /// <summary>The files from there on that lie close together; none at the end.</summary>
    private Piece Fetch(int from, byte[] buffer)
    {
        if (from == files.Length)
        {
            return new Piece(from, from, 0, buffer, 0);
        }

        var (start, end, to) = (files[from].Offset, EndOf(files[from]), from + 1);
        while (to < files.Length && files[to].Offset - end <= SmallGap && EndOf(files[to]) - start <= PieceLength)
        {
            end = Math.Max(end, EndOf(files[to]));
            to++;
        }

        archive.Position = start;
        var length = (int)(Math.Min(end, archive.Length) - start);
        var bytes = buffer.Length >= length ? buffer : new byte[BitOperations.RoundUpToPowerOf2((uint)length)];
        return new Piece(from, to, start, bytes, archive.ReadAtLeast(bytes.AsSpan(0, length), length, throwOnEndOfStream: false));
    }

    private static long EndOf(FrameSource file) =>
        file.Offset + LocalHeader.Length + Encoding.UTF8.GetByteCount(file.Name) + HeaderSlack + file.CompressedLength;

    /// <param name="Start">Where in the archive its bytes begin, of which there are so many.</param>
    private readonly record struct Piece(int From, int To, long Start, byte[] Bytes, int Length);
}
