using System.Security.Cryptography;
using Azure.Storage.Blobs;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Shared.Runs;

/// <summary>Pushes that meet, and pushes after one that died.</summary>
public sealed class WeightsStoreTests(AzuriteFixture azurite)
{
    private static readonly byte[] Mine = NetworkFiles.Reference(BackboneName.MobileNet, 2).Bytes();
    private static readonly byte[] Theirs = NetworkFiles.Torchvision(BackboneName.MobileNet).Bytes();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_content_pushed_twice_at_once_is_the_same_weights(bool says)
    {
        var storage = await StorageAsync();
        var asked = new PushRequest(null, says ? Hash(Mine) : null);
        await UploadAsync(storage, Mine);
        WeightsManifest? theirs = null;

        var mine = await Interrupted(storage, async () => theirs = await Store(storage).PushAsync("mine", asked, CancellationToken.None))
            .PushAsync("mine", asked, CancellationToken.None);

        Assert.Equal(Hash(Mine), mine!.Sha256);
        Assert.Equal(ReidJson.Write(theirs), ReidJson.Write(mine));
        Assert.Equal(["mine/" + Hash(Mine), "mine/weights.json"], Names(storage));
    }

    [Fact]
    public async Task Others_that_were_pushed_meanwhile_are_not_taken_for_those_that_are_meant()
    {
        var storage = await StorageAsync();
        await UploadAsync(storage, Mine);

        var conflict = await Assert.ThrowsAsync<WeightsConflictException>(() => Interrupted(storage, async () =>
        {
            await UploadAsync(storage, Theirs);
            await Store(storage).PushAsync("mine", new PushRequest(), CancellationToken.None);
        }).PushAsync("mine", new PushRequest(null, Hash(Mine)), CancellationToken.None));

        Assert.Contains("are others", conflict.Message, StringComparison.Ordinal);
        Assert.Equal(Hash(Theirs), (await Store(storage).GetAsync("mine", CancellationToken.None))!.Sha256);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_that_goes_away_under_a_push_is_told(bool another)
    {
        var storage = await StorageAsync();
        await UploadAsync(storage, Mine);

        var conflict = await Assert.ThrowsAsync<WeightsConflictException>(() => Interrupted(storage, async () =>
        {
            await (another ? UploadAsync(storage, Theirs) : Upload(storage).DeleteAsync());
        }).PushAsync("mine", new PushRequest(), CancellationToken.None));

        Assert.Contains("somebody else pushes under the name 'mine'", conflict.Message, StringComparison.Ordinal);
        Assert.Null(await Store(storage).GetAsync("mine", CancellationToken.None));
        Assert.Equal(another, await Upload(storage).ExistsAsync());
    }

    [Fact]
    public async Task What_a_push_left_that_died_before_its_manifest_is_used_and_not_written_again()
    {
        var storage = await StorageAsync();
        await UploadAsync(storage, Mine);
        await Store(storage).PushAsync("mine", new PushRequest(), CancellationToken.None);
        var content = storage.Weights.GetBlobClient(RunPaths.WeightsContent("mine", Hash(Mine)));
        var version = (await content.GetPropertiesAsync()).Value.ETag;
        await storage.Weights.GetBlobClient(RunPaths.WeightsManifest("mine")).DeleteAsync();
        await UploadAsync(storage, Mine);

        var pushed = await Store(storage).PushAsync("mine", new PushRequest(), CancellationToken.None);

        Assert.Equal(version, (await content.GetPropertiesAsync()).Value.ETag);
        Assert.Equal(Hash(Mine), pushed!.Sha256);
        Assert.False(await Upload(storage).ExistsAsync());
    }

    [Fact]
    public async Task A_copy_that_is_not_whole_is_made_again()
    {
        var storage = await StorageAsync();
        await UploadAsync(storage, Mine);
        var content = storage.Weights.GetBlobClient(RunPaths.WeightsContent("mine", Hash(Mine)));
        await content.UploadAsync(BinaryData.FromBytes(Mine[..1000]));

        await Store(storage).PushAsync("mine", new PushRequest(), CancellationToken.None);

        Assert.Equal(Mine, (await content.DownloadContentAsync()).Value.Content.ToArray());
    }

    private static WeightsStore Store(StorageAccess storage) => new(storage, TimeProvider.System);

    private static WeightsStore Interrupted(StorageAccess storage, Func<Task> meanwhile) => new(storage, new InterruptingClock(meanwhile));

    private static BlobClient Upload(StorageAccess storage) => storage.Weights.GetBlobClient(RunPaths.WeightsUpload("mine", "w.safetensors"));

    private static Task UploadAsync(StorageAccess storage, byte[] bytes) => Upload(storage).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static IEnumerable<string> Names(StorageAccess storage) => storage.Weights.GetBlobs().Select(blob => blob.Name);

    private async Task<StorageAccess> StorageAsync() => (await StorageSystem.CreateAsync(azurite)).Storage;

    /// <summary>A store asks for the time once, when it has opened what was uploaded and not yet read it: then something else happens first.</summary>
    private sealed class InterruptingClock(Func<Task> meanwhile) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            meanwhile().GetAwaiter().GetResult();
            return base.GetUtcNow();
        }
    }
}
