using System.Globalization;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ReidCloud.Runs;

/// <summary>
/// Bytes on their way into a blob, of which a few megabytes are in memory however many they are: whole blocks are sent while the rest is being written, and become the
/// blob together when they are put. What fits into one block costs one request.
/// </summary>
internal sealed class BlockWriting(BlobClient blob, CancellationToken cancellationToken) : Stream
{
    private const int BlockLength = 4 << 20;

    private readonly BlockBlobClient _blocks = blob.GetParentBlobContainerClient().GetBlockBlobClient(blob.Name);
    private readonly MemoryStream _block = new();
    private readonly List<string> _sent = [];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _block.Write(buffer);
        if (_block.Length >= BlockLength)
        {
            Send();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Makes the blob of what was written, if the conditions hold.</summary>
    public async Task PutAsync(string contentType, BlobRequestConditions conditions)
    {
        var headers = new BlobHttpHeaders { ContentType = contentType };
        if (_sent.Count == 0)
        {
            _block.Position = 0;
            await blob.UploadAsync(_block, new BlobUploadOptions { Conditions = conditions, HttpHeaders = headers }, cancellationToken).ConfigureAwait(false);
            return;
        }

        Send();
        await _blocks.CommitBlockListAsync(_sent, new CommitBlockListOptions { Conditions = conditions, HttpHeaders = headers }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A block is sent when it is full, and not before.</summary>
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Send()
    {
        if (_block.Length == 0)
        {
            return;
        }

        var id = Convert.ToBase64String(Encoding.ASCII.GetBytes(_sent.Count.ToString("D8", CultureInfo.InvariantCulture)));
        _block.Position = 0;
        _blocks.StageBlock(id, _block, cancellationToken: cancellationToken);
        _sent.Add(id);
        _block.SetLength(0);
    }
}
