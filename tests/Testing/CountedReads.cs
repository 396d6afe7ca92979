namespace ReidCloud.Tests.Testing;

/// <summary>Another stream, how many bytes were read from it, and where each reading began. Who looks outside it is caught.</summary>
internal sealed class CountedReads(Stream inner) : Stream
{
    public long Count { get; private set; }

    public List<long> Places { get; } = [];

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value >= 0 && value <= inner.Length ? value : throw new InvalidOperationException($"byte {value} of {inner.Length} is looked for");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        Places.Add(inner.Position);
        var got = inner.Read(buffer);
        Count += got;
        return got;
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => Position, _ => Length };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
