using System.Net;
using System.Security.Cryptography;
using ReidCloud.Datasets;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class DatasetStoreTests(AzuriteFixture azurite)
{
    private static readonly HttpClient Http = new();

    [Theory]
    [InlineData("archive.zip")]
    [InlineData("bbox_train/0001/0001C1T0001F001 (a) + ü#%.jpg")]
    public async Task Offers_an_address_to_which_anyone_can_write_that_file(string file)
    {
        var system = await StorageSystem.CreateAsync(azurite, TimeProvider.System);

        var offer = await system.Datasets.OfferUploadAsync("market", file, CancellationToken.None);
        using var answer = await PutAsync(offer, "bytes"u8.ToArray());

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var upload = Assert.Single(await system.Datasets.ListUploadsAsync("market", CancellationToken.None));
        Assert.Equal((file, 5), (upload.Name, upload.Length));
        await using var stored = system.Datasets.OpenUpload("market", upload);
        Assert.Equal("bytes", await new StreamReader(stored).ReadToEndAsync());
    }

    [Fact]
    public async Task Offers_an_address_that_opens_nothing_else_and_not_for_long()
    {
        var system = await StorageSystem.CreateAsync(azurite, TimeProvider.System);
        var offer = await system.Datasets.OfferUploadAsync("market", "a.zip", CancellationToken.None);
        using var written = await PutAsync(offer, "bytes"u8.ToArray());

        using var read = await Http.GetAsync(offer.Url);
        using var elsewhere = await PutAsync(offer with { Url = new Uri(offer.Url.ToString().Replace("a.zip", "b.zip", StringComparison.Ordinal)) }, [1]);
        var late = await StorageSystem.CreateAsync(azurite);
        var expired = await late.Datasets.OfferUploadAsync("market", "a.zip", CancellationToken.None);
        using var tooLate = await PutAsync(expired, [1]);

        Assert.Equal(HttpStatusCode.Forbidden, read.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, tooLate.StatusCode);
        Assert.Equal(late.Clock.GetUtcNow() + TimeSpan.FromMinutes(10), expired.ExpiresAt);
    }

    /// <summary>Whoever has the key may upload without end; whoever looks stops.</summary>
    [Fact]
    public async Task Looks_at_so_many_uploads_and_no_more()
    {
        var system = await StorageSystem.CreateAsync(azurite, TimeProvider.System);
        foreach (var file in new[] { "a.jpg", "b.jpg", "c.jpg" })
        {
            using var _ = await PutAsync(await system.Datasets.OfferUploadAsync("market", file, CancellationToken.None), [1]);
        }

        var prefix = RunPaths.Uploads("market");
        Assert.Equal(3, (await NamedFolders.UploadsAsync(system.Storage.Datasets, prefix, 3, _ => true, CancellationToken.None)).Count);
        var refusal = await Assert.ThrowsAsync<SpecException>(() => NamedFolders.UploadsAsync(system.Storage.Datasets, prefix, 2, _ => true, CancellationToken.None));
        Assert.Contains("more than 2 files", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Market", "a.zip", "$.dataset")]
    [InlineData("../market", "a.zip", "$.dataset")]
    [InlineData("market", "../a.zip", "$.file")]
    [InlineData("market", "/a.zip", "$.file")]
    [InlineData("market", "", "$.file")]
    public async Task Offers_nothing_under_a_name_that_may_not_be(string dataset, string file, string path)
    {
        var system = await StorageSystem.CreateAsync(azurite);

        var refusal = await Assert.ThrowsAsync<SpecException>(() => system.Datasets.OfferUploadAsync(dataset, file, CancellationToken.None));

        Assert.Equal(path, Assert.Single(refusal.Errors).Path);
    }

    [Fact]
    public async Task Reads_an_upload_from_any_place()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var content = RandomNumberGenerator.GetBytes((9 << 20) + 17);
        var upload = await UploadAsync(system, "market", "big.zip", content);

        await using var stream = system.Datasets.OpenUpload("market", upload);
        var end = new byte[100];
        stream.Seek(-100, SeekOrigin.End);
        stream.ReadExactly(end);
        var middle = new byte[5 << 20];
        stream.Position = 3 << 20;
        stream.ReadExactly(middle);

        Assert.Equal(content.Length, stream.Length);
        Assert.Equal(content[^100..], end);
        Assert.Equal(content[(3 << 20)..(8 << 20)], middle);
    }

    [Fact]
    public async Task Copies_an_upload_to_a_file_and_goes_on_where_it_was_interrupted()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var content = RandomNumberGenerator.GetBytes((40 << 20) + 17);
        var upload = await UploadAsync(system, "market", "big.zip", content);
        var folder = Directory.CreateTempSubdirectory();
        var file = Path.Combine(folder.FullName, "sub", "big.zip");
        using var interruption = new CancellationTokenSource();
        var before = new Reports(arrived =>
        {
            if (arrived > 0)
            {
                interruption.Cancel();
            }
        });
        var after = new Reports(_ => { });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => system.Datasets.DownloadUploadAsync("market", upload, file, before, interruption.Token));
        Assert.False(File.Exists(file));
        await system.Datasets.DownloadUploadAsync("market", upload, file, after, CancellationToken.None);

        Assert.Equal(content, await File.ReadAllBytesAsync(file));
        Assert.Equal(before.Values[^1], after.Values[0]);
        Assert.Equal(content.Length, after.Values[^1]);
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Does_not_mix_two_versions_of_an_upload()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var old = await UploadAsync(system, "market", "a.zip", "first"u8.ToArray());
        var current = await UploadAsync(system, "market", "a.zip", "other"u8.ToArray());
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        var changed = await Assert.ThrowsAsync<InvalidDataException>(
            () => system.Datasets.DownloadUploadAsync("market", old, file, null, CancellationToken.None));
        await system.Datasets.DownloadUploadAsync("market", current, file, null, CancellationToken.None);

        Assert.Contains("a.zip", changed.Message, StringComparison.Ordinal);
        Assert.Equal("other", await File.ReadAllTextAsync(file));
        File.Delete(file);
    }

    [Fact]
    public async Task Makes_a_data_set_of_uploads_once()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var upload = await UploadAsync(system, "market", "a.zip", [1, 2, 3]);
        Assert.Null(await system.Datasets.GetManifestAsync("market", CancellationToken.None));

        var start = await system.Datasets.BeginCommitAsync("market", new CommitRequest(), CancellationToken.None);
        Assert.Equal([upload], await system.Datasets.ListUploadsAsync(start.Work!, CancellationToken.None));
        Assert.Equal(["market"], await system.Datasets.UnfinishedCommitsAsync(CancellationToken.None));
        await start.Work!.ReportAsync(new CommitProgress("checking", 1, 3), CancellationToken.None);
        Assert.Equal(new CommitProgress("checking", 1, 3), (await CommitAsync(system)).Progress);
        Assert.Null(await system.Datasets.GetManifestAsync("market", CancellationToken.None));
        await start.Work.CompleteAsync(Manifest(upload), CancellationToken.None);
        await start.Work.DisposeAsync();

        var again = await system.Datasets.BeginCommitAsync("market", new CommitRequest("mars"), CancellationToken.None);
        Assert.Null(again.Work);
        Assert.Equal((DatasetState.Ready, "mars", "the hash"), (again.Status.State, again.Status.Layout, again.Status.Hash));
        Assert.Equal([upload], (await system.Datasets.GetManifestAsync("market", CancellationToken.None))!.Blobs);
        Assert.Empty(await system.Datasets.UnfinishedCommitsAsync(CancellationToken.None));
        await Assert.ThrowsAsync<DatasetConflictException>(() => system.Datasets.OfferUploadAsync("market", "a.zip", CancellationToken.None));
    }

    [Fact]
    public async Task Keeps_a_committed_data_set_from_other_content_and_another_layout()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        await MakeAsync(system, "market");

        var layout = await Assert.ThrowsAsync<DatasetConflictException>(
            () => system.Datasets.BeginCommitAsync("market", new CommitRequest("market-1501"), CancellationToken.None));
        await UploadAsync(system, "market", "more.zip", [4]);
        var content = await Assert.ThrowsAsync<DatasetConflictException>(() => system.Datasets.BeginCommitAsync("market", new CommitRequest(), CancellationToken.None));

        Assert.Contains("'mars', not 'market-1501'", layout.Message, StringComparison.Ordinal);
        Assert.Contains("have changed", content.Message, StringComparison.Ordinal);
        Assert.Equal(DatasetState.Ready, (await CommitAsync(system)).State);
    }

    [Fact]
    public async Task Lets_one_process_at_a_time_make_it()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        await UploadAsync(system, "market", "a.zip", [1, 2, 3]);

        var starts = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => system.Datasets.BeginCommitAsync("market", new CommitRequest(), CancellationToken.None)));

        var work = Assert.Single(starts, start => start.Work is not null).Work!;
        Assert.All(starts, start => Assert.Equal(DatasetState.Committing, start.Status.State));
        await work.DisposeAsync();
    }

    [Fact]
    public async Task Begins_again_what_a_dead_process_left_half_done()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var upload = await UploadAsync(system, "market", "a.zip", [1, 2, 3]);
        var dead = await system.Datasets.BeginCommitAsync("market", new CommitRequest("mars"), CancellationToken.None);
        await dead.Work!.DisposeAsync();
        await system.Storage.Datasets.GetBlobClient(RunPaths.Manifest("market")).UploadAsync(BinaryData.FromString("half a mani"));
        Assert.Equal(["market"], await system.Datasets.UnfinishedCommitsAsync(CancellationToken.None));

        var next = await system.Datasets.BeginCommitAsync("market", new CommitRequest(), CancellationToken.None);
        Assert.Equal("mars", next.Work!.Layout);
        await next.Work.CompleteAsync(Manifest(upload), CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dead.Work.CompleteAsync(Manifest(upload) with { Hash = "other" }, CancellationToken.None));

        Assert.Equal("the hash", (await CommitAsync(system)).Hash);
    }

    [Fact]
    public async Task Says_why_it_failed_and_takes_better_uploads()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        await UploadAsync(system, "market", "a.zip", [1, 2, 3]);
        var finding = new Finding(FindingSeverity.Error, "bad-archive", "it is torn", 1, ["a.zip"]);
        await using (var work = (await system.Datasets.BeginCommitAsync("market", new CommitRequest(), CancellationToken.None)).Work!)
        {
            await work.FailAsync("it is torn", [finding], CancellationToken.None);
        }

        var failed = await CommitAsync(system);
        Assert.Equal((DatasetState.Failed, "it is torn"), (failed.State, failed.Failure));
        Assert.Equal(finding.Examples, Assert.Single(failed.Findings).Examples);

        await system.Datasets.OfferUploadAsync("market", "a.zip", CancellationToken.None);
        await MakeAsync(system, "market");
        Assert.Equal(DatasetState.Ready, (await CommitAsync(system)).State);
    }

    [Fact]
    public async Task Refuses_to_make_a_data_set_of_nothing()
    {
        var system = await StorageSystem.CreateAsync(azurite);

        var refusal = await Assert.ThrowsAsync<SpecException>(() => system.Datasets.BeginCommitAsync("market", new CommitRequest(), CancellationToken.None));

        Assert.Contains("nothing is uploaded for 'market'", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await system.Datasets.GetCommitAsync("market", CancellationToken.None));
    }

    [Fact]
    public async Task Names_of_uploads_that_are_none_are_refused()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        await UploadAsync(system, "market", "a.zip", [1]);

        async Task<string> Refusal(params string[] files) => Assert.Single((await Assert.ThrowsAsync<SpecException>(
            () => system.Datasets.BeginCommitAsync("market", new CommitRequest { Files = files }, CancellationToken.None))).Errors).Path;

        Assert.Equal(["$.files", "$.files[0]", "$.files[1]", "$.files[1]"], [await Refusal(), await Refusal("A.zip"), await Refusal("a.zip", "a.zip"), await Refusal("a.zip", null!)]);
        Assert.Null(await system.Datasets.GetCommitAsync("market", CancellationToken.None));
    }

    [Fact]
    public async Task Somebody_elses_uploads_neither_count_nor_go()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var (mine, theirs) = (await UploadAsync(system, "market", "a.zip", [1]), await UploadAsync(system, "market", "b.zip", [2]));

        await using var work = (await system.Datasets.BeginCommitAsync("market", new CommitRequest { Files = ["a.zip"] }, CancellationToken.None)).Work!;
        var conflict = await Assert.ThrowsAsync<DatasetConflictException>(
            () => system.Datasets.BeginCommitAsync("market", new CommitRequest { Files = ["b.zip"] }, CancellationToken.None));
        Assert.Equal([mine], await system.Datasets.ListUploadsAsync(work, CancellationToken.None));
        await work.CompleteAsync(Manifest(mine), CancellationToken.None);
        var again = await system.Datasets.BeginCommitAsync("market", new CommitRequest(), CancellationToken.None);

        Assert.Contains("is being made of other files", conflict.Message, StringComparison.Ordinal);
        Assert.Equal(DatasetState.Ready, again.Status.State);
        Assert.Equal([mine, theirs], await system.Datasets.ListUploadsAsync("market", CancellationToken.None));
    }

    [Fact]
    public async Task Uploads_that_changed_while_a_commit_waited_for_its_turn_are_told()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        await UploadAsync(system, "market", "a.zip", [1]);
        await using var work = (await system.Datasets.BeginCommitAsync("market", new CommitRequest(), CancellationToken.None)).Work!;
        await UploadAsync(system, "market", "b.zip", [2]);

        var refusal = await Assert.ThrowsAsync<DatasetException>(() => system.Datasets.ListUploadsAsync(work, CancellationToken.None));

        Assert.Contains("commit again", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_data_sets_by_name_and_pages()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        foreach (var name in (string[])["duke", "market", "mars"])
        {
            await MakeAsync(system, name);
        }

        await UploadAsync(system, "only-uploaded", "a.zip", [1]);

        var names = new List<string>();
        string? continuation = null;
        do
        {
            var page = await system.Datasets.ListAsync(continuation, 2, CancellationToken.None);
            Assert.True(page.Datasets.Count <= 2);
            names.AddRange(page.Datasets.Select(dataset => dataset.Name));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        Assert.Equal(["duke", "market", "mars"], names.Order());
    }

    private static async Task<HttpResponseMessage> PutAsync(UploadOffer offer, byte[] content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, offer.Url) { Content = new ByteArrayContent(content) };
        foreach (var (name, value) in offer.Headers)
        {
            request.Headers.Add(name, value);
        }

        return await Http.SendAsync(request);
    }

    private static async Task<DatasetBlob> UploadAsync(StorageSystem system, string dataset, string file, byte[] content)
    {
        await system.Storage.Datasets.GetBlobClient(RunPaths.Upload(dataset, file)).UploadAsync(new MemoryStream(content), overwrite: true);
        return (await system.Datasets.ListUploadsAsync(dataset, CancellationToken.None)).Single(upload => upload.Name == file);
    }

    private static async Task MakeAsync(StorageSystem system, string dataset)
    {
        var upload = await UploadAsync(system, dataset, "a.zip", [1, 2, 3]);
        await using var work = (await system.Datasets.BeginCommitAsync(dataset, new CommitRequest("mars"), CancellationToken.None)).Work!;
        await work.CompleteAsync(Manifest(upload) with { Name = dataset }, CancellationToken.None);
    }

    private static async Task<CommitStatus> CommitAsync(StorageSystem system) =>
        (await system.Datasets.GetCommitAsync("market", CancellationToken.None))!;

    private static DatasetManifest Manifest(DatasetBlob upload)
    {
        var none = new SplitCounts(0, 0, 0, 0, 0);
        return new DatasetManifest(
            "market", "mars", "the hash", ["1"], [new Camera("1")], [upload],
            [new FrameSource("a.jpg", 0, 0, 3, 3, FrameEncoding.Stored, 0)], [new Tracklet(Split.Train, 0, 0, 0, 1)],
            new ManifestDiagnosis(none, none, none, []));
    }

    private sealed class Reports(Action<long> then) : IProgress<long>
    {
        private readonly List<long> _values = [];

        public IReadOnlyList<long> Values => _values;

        public void Report(long value)
        {
            _values.Add(value);
            then(value);
        }
    }
}
