using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Datasets;

namespace ReidCloud.Runs;

/// <summary>
/// An upload to be read from any place, of exactly the version that was listed, else reading fails. Who asks for much is given just that by one request; who asks for
/// little is read ahead for, the further the longer it goes straight on: so neither a jump costs megabytes nor a small read a request.
/// </summary>
internal sealed class UploadStream(BlobClient blob, DatasetBlob upload) : Stream
{
    private const int Much = 64 << 10;
    private const int MostAhead = 4 << 20;

    private byte[] _ahead = [];
    private long _start;
    private int _length;
    private int _step = Much;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => upload.Length;

    public override long Position { get; set; }

    private bool IsAtHand => Position >= _start && Position < _start + _length;

    public override int Read(Span<byte> buffer)
    {
        var left = (int)Math.Clamp(upload.Length - Position, 0, buffer.Length);
        if (left == 0)
        {
            return 0;
        }

        if (!IsAtHand)
        {
            if (left >= Much)
            {
                Fetch(buffer[..left]);
                Position += left;
                return left;
            }

            ReadAhead();
        }

        var at = (int)(Position - _start);
        var count = Math.Min(left, _length - at);
        _ahead.AsSpan(at, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        IsAtHand ? ValueTask.FromResult(Read(buffer.Span)) : new ValueTask<int>(Task.Run(() => Read(buffer.Span), cancellationToken));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => Position, SeekOrigin.End => Length, _ => throw new ArgumentOutOfRangeException(nameof(origin)) };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void ReadAhead()
    {
        _step = Position == _start + _length && _length > 0 ? Math.Min(2 * _step, MostAhead) : Much;
        var length = (int)Math.Min(_step, upload.Length - Position);
        _ahead = _ahead.Length >= length ? _ahead : new byte[length];
        _length = 0;
        Fetch(_ahead.AsSpan(0, length));
        (_start, _length) = (Position, length);
    }

    private void Fetch(Span<byte> bytes)
    {
        var range = new BlobDownloadOptions
        {
            Range = new HttpRange(Position, bytes.Length),
            Conditions = new BlobRequestConditions { IfMatch = new ETag(upload.ETag) },
        };
        using var answer = blob.DownloadStreaming(range).Value;
        answer.Content.ReadExactly(bytes);
    }
}
