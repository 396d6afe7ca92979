using System.Buffers.Binary;

namespace ReidCloud.Pickles;

/// <summary>Reads a part of a seekable stream front to back in big pieces, and always knows where it is.</summary>
/// <param name="name">What the bytes are called in messages.</param>
/// <param name="fault">Of a file that is not whole.</param>
internal sealed class ByteCursor(Stream stream, long begin, long end, string name, Func<string, Exception> fault)
{
    private const int PieceLength = 64 << 10;

    private readonly byte[] _piece = new byte[PieceLength];
    private long _pieceBegin;
    private int _pieceLength;

    public long Position { get; private set; } = begin;

    public long Left => end - Position;

    public byte Next()
    {
        Require(1);
        if (Position < _pieceBegin || Position >= _pieceBegin + _pieceLength)
        {
            Fetch();
        }

        return _piece[(int)(Position++ - _pieceBegin)];
    }

    /// <summary>The next bytes. The caller has judged whether so many may be asked for.</summary>
    public byte[] Next(int count)
    {
        Require(count);
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            if (Position < _pieceBegin || Position >= _pieceBegin + _pieceLength)
            {
                Fetch();
            }

            var at = (int)(Position - _pieceBegin);
            var take = Math.Min(count - got, _pieceLength - at);
            _piece.AsSpan(at, take).CopyTo(bytes.AsSpan(got));
            got += take;
            Position += take;
        }

        return bytes;
    }

    public ushort NextUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Next(sizeof(ushort)));

    public int NextInt32() => BinaryPrimitives.ReadInt32LittleEndian(Next(sizeof(int)));

    public ulong NextUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Next(sizeof(ulong)));

    public double NextBigEndianDouble() => BinaryPrimitives.ReadDoubleBigEndian(Next(sizeof(double)));

    public void Skip(long count)
    {
        Require(count);
        Position += count;
    }

    private void Require(long count)
    {
        if (count > Left)
        {
            throw fault($"{name}: it ends at byte {end}, inside something that begins at byte {Position}: the file is truncated or damaged.");
        }
    }

    private void Fetch()
    {
        stream.Position = Position;
        _pieceBegin = Position;
        _pieceLength = stream.ReadAtLeast(_piece.AsSpan(0, (int)Math.Min(PieceLength, Left)), 1, throwOnEndOfStream: false);
        if (_pieceLength == 0)
        {
            throw fault($"{name}: it could not be read on from byte {Position}: it is shorter than it was.");
        }
    }
}
