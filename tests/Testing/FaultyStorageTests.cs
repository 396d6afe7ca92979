using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Queues;

namespace ReidCloud.Tests.Testing;

public sealed class FaultyStorageTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string OddName = "attempt-1/ä b+c%2F?.json";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private FaultyStorage? _proxy;
    private BlobContainerClient? _container;
    private BlobContainerClient? _direct;

    private FaultyStorage Proxy => _proxy!;

    private BlobClient Blob => _container!.GetBlobClient(OddName);

    public async ValueTask InitializeAsync()
    {
        _proxy = await FaultyStorage.StartAsync(azurite);
        var direct = await azurite.NewSystemAsync();
        _direct = Container(direct);
        _container = Container(_proxy.Through(direct));
        await _container.CreateAsync();
    }

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();

    [Fact]
    public async Task Passes_everything_as_it_is()
    {
        var bytes = new byte[10 << 20];
        Array.Fill(bytes, (byte)7);
        await Blob.UploadAsync(new MemoryStream(bytes), new BlobUploadOptions { TransferOptions = new() { InitialTransferSize = 1 << 20, MaximumTransferSize = 4 << 20 } });
        await Blob.SetMetadataAsync(new Dictionary<string, string> { ["who"] = "me" });
        var lease = Blob.GetBlobLeaseClient();
        await lease.AcquireAsync(TimeSpan.FromSeconds(15));
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => Blob.DeleteAsync());

        Assert.Equal((412, "LeaseIdMissing"), (refusal.Status, refusal.ErrorCode));
        Assert.Equal(bytes, (await Blob.DownloadContentAsync()).Value.Content.ToArray());
        Assert.Equal(("me", bytes.Length), ((await Blob.GetPropertiesAsync()).Value.Metadata["who"], (await Blob.GetPropertiesAsync()).Value.ContentLength));
        Assert.False(await _container!.GetBlobClient("nothing").ExistsAsync());
        Assert.Equal(OddName, Assert.Single(_direct!.GetBlobs()).Name);
        Assert.Empty(Proxy.Injected);
    }

    [Fact]
    public async Task Passes_queues_too()
    {
        var options = await Proxy.NewSystemAsync();
        var queue = new QueueClient(options.StorageConnection, options.StoragePrefix + "runs");
        using var rule = Proxy.When(request => request is { IsQueue: true, Method: "POST", Blob: "messages" } && request.Container == queue.Name, _ => { });

        await queue.CreateAsync();
        await queue.SendMessageAsync("hello");

        Assert.Equal("hello", (await queue.ReceiveMessageAsync()).Value.Body.ToString());
        Assert.True(rule.Met.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Answers_what_it_is_told_and_only_where_it_is_told()
    {
        using (var rule = Proxy.Set(StorageFault.Busy, request => request is { Publishes: true, Blob: OddName }, times: 2))
        {
            for (var i = 0; i < 2; i++)
            {
                var busy = await Assert.ThrowsAsync<RequestFailedException>(() => PutAsync());
                Assert.Equal((503, "ServerBusy"), (busy.Status, busy.ErrorCode));
            }

            await PutAsync();
            Assert.Equal(2, rule.Count);
        }

        using (Proxy.Set(StorageFault.Answer(403, "AuthorizationFailure")))
        {
            Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => Blob.ExistsAsync())).Status);
        }

        Assert.True(await Blob.ExistsAsync());
        Assert.Equal(2, Proxy.Injected[StorageFault.Busy]);
    }

    [Fact]
    public async Task Cuts_before_or_after_the_storage_has_done_it()
    {
        using (Proxy.Set(StorageFault.Cut))
        {
            Assert.Equal(0, (await Assert.ThrowsAsync<RequestFailedException>(() => PutAsync())).Status);
            Assert.False(await IsThereAsync());
        }

        using (Proxy.Set(StorageFault.LoseAnswer))
        {
            Assert.Equal(0, (await Assert.ThrowsAsync<RequestFailedException>(() => PutAsync())).Status);
            Assert.True(await IsThereAsync());
        }
    }

    [Fact]
    public async Task Holds_a_request_until_it_is_released()
    {
        Task put;
        using (var rule = Proxy.Set(StorageFault.Hang, request => request.IsWrite))
        {
            put = PutAsync();
            await rule.Met.WaitAsync(Patience);
            Assert.False(await IsThereAsync());
            Assert.False(put.IsCompleted);
        }

        await put.WaitAsync(Patience);
        Assert.True(await IsThereAsync());
    }

    [Fact]
    public async Task Calls_back_before_or_after_the_storage_has_done_it()
    {
        var there = new List<bool>();
        Proxy.When(request => request.Publishes, _ => there.Add(IsThereAsync().GetAwaiter().GetResult()));
        await PutAsync();
        await _direct!.DeleteBlobAsync(OddName);
        Proxy.WhenDone(request => request.Publishes, _ => there.Add(IsThereAsync().GetAwaiter().GetResult()));
        await PutAsync();
        await PutAsync();

        Assert.Equal([false, true], there);
    }

    [Fact]
    public async Task Refuses_connections_and_comes_back_at_the_same_address()
    {
        await Proxy.RefuseAsync();
        Assert.Equal(0, (await Assert.ThrowsAsync<RequestFailedException>(() => PutAsync())).Status);
        await Proxy.ListenAsync();

        await PutAsync();
    }

    private Task PutAsync() => Blob.UploadAsync(BinaryData.FromString("here"), overwrite: true);

    private async Task<bool> IsThereAsync() => await _direct!.GetBlobClient(OddName).ExistsAsync();

    /// <summary>Whose requests are tried once.</summary>
    private static BlobContainerClient Container(ReidCloudOptions options) =>
        new(options.StorageConnection, options.StoragePrefix + "runs", new BlobClientOptions { Retry = { MaxRetries = 0 } });
}
