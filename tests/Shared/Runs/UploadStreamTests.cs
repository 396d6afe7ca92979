using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ReidCloud.Datasets;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

/// <summary>Long blobs, read and written piece by piece: the same bytes as in one piece, by few requests for no more than is wanted.</summary>
public sealed class UploadStreamTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Gives_the_bytes_of_any_place_whatever_was_read_before()
    {
        var (blob, _, upload, content) = await PutAsync(600_000);
        using var stream = new UploadStream(blob, upload);
        var random = new Random(1);
        var buffer = new byte[150_000];
        for (var trial = 0; trial < 200; trial++)
        {
            if (random.Next(3) == 0)
            {
                stream.Position = random.Next(content.Length + 1000);
            }

            var (at, most) = ((int)stream.Position, random.Next(2) == 0 ? random.Next(300) : random.Next(buffer.Length));
            var got = trial % 2 == 0 ? stream.Read(buffer, 0, most) : await stream.ReadAsync(buffer.AsMemory(0, most));

            Assert.InRange(got, most > 0 && at < content.Length ? 1 : 0, most);
            Assert.Equal(content.AsSpan(Math.Min(at, content.Length), got), buffer.AsSpan(0, got));
            Assert.Equal(at + got, stream.Position);
        }
    }

    [Fact]
    public async Task Asks_once_for_much_and_seldom_for_little_that_goes_straight_on()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var (_, options, upload, content) = await PutAsync(3 << 20);
        var storage = new StorageAccess(proxy.Through(options));
        using var stream = new UploadStream(storage.Datasets.GetBlobClient("a"), upload);
        var before = proxy.Requests;

        stream.Position = 1 << 20;
        stream.ReadExactly(new byte[1 << 20]);
        Assert.Equal(1, proxy.Requests - before);

        stream.Position = 0;
        var all = new byte[content.Length];
        for (var at = 0; at < all.Length; at += 1 << 10)
        {
            stream.ReadExactly(all, at, 1 << 10);
        }

        Assert.Equal(content, all);
        Assert.InRange(proxy.Requests - before, 3, 8);
    }

    [Fact]
    public async Task Fails_when_the_upload_is_another_by_now()
    {
        var (blob, _, upload, _) = await PutAsync(1000);
        await using var stream = new UploadStream(blob, upload);
        await blob.UploadAsync(BinaryData.FromString("others"), overwrite: true);

        Assert.Equal(412, Assert.Throws<RequestFailedException>(() => stream.ReadByte()).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData(9 << 20)]
    public async Task Writes_the_bytes_that_were_written_and_never_over_others(int length)
    {
        var (there, _, _, _) = await PutAsync(10);
        var blob = there.GetParentBlobContainerClient().GetBlobClient("written");
        var (content, random) = (RandomNumberGenerator.GetBytes(length), new Random(2));
        var create = new BlobRequestConditions { IfNoneMatch = ETag.All };
        await using (var writing = new BlockWriting(blob, CancellationToken.None))
        {
            for (var at = 0; at < length;)
            {
                var next = Math.Min(length - at, random.Next(1 << 20));
                writing.Write(content, at, next);
                writing.Flush();
                at += next;
            }

            await writing.PutAsync("application/json", create);
        }

        await using var again = new BlockWriting(blob, CancellationToken.None);
        again.Write(new byte[length + 1]);

        Assert.Contains((await Assert.ThrowsAsync<RequestFailedException>(() => again.PutAsync("text/plain", create))).Status, (int[])[409, 412]);
        var written = (await blob.DownloadContentAsync()).Value;
        Assert.Equal(content, written.Content.ToArray());
        Assert.Equal("application/json", written.Details.ContentType);
    }

    private async Task<(BlobClient Blob, ReidCloudOptions Options, DatasetBlob Upload, byte[] Content)> PutAsync(int length)
    {
        var options = await azurite.NewSystemAsync();
        var storage = new StorageAccess(options);
        await storage.CreateAsync(CancellationToken.None);
        var blob = storage.Datasets.GetBlobClient("a");
        var content = RandomNumberGenerator.GetBytes(length);
        var put = (await blob.UploadAsync(BinaryData.FromBytes(content))).Value;
        return (blob, options, new DatasetBlob("a", length, put.ETag.ToString()), content);
    }
}
