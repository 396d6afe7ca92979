using System.Net;
using System.Net.Http.Headers;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage.Blobs;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class PatientRetryTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Waits_for_a_storage_that_comes_back()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var container = Container(await proxy.NewSystemAsync(), patience: Limit);
        await proxy.RefuseAsync();

        var created = container.CreateAsync();
        await Task.Delay(Moment);
        using var busy = proxy.Set(StorageFault.Busy, times: 1);
        using var broken = proxy.Set(StorageFault.Broken, times: 1);
        using var cut = proxy.Set(StorageFault.Cut, times: 1);
        await proxy.ListenAsync();

        await created.WaitAsync(Limit);
        Assert.Equal((1, 1, 1), (busy.Count, broken.Count, cut.Count));
    }

    [Theory]
    [InlineData("busy", 503)]
    [InlineData("cut", 0)]
    [InlineData("hang", 0)]
    public async Task Gives_up_when_its_patience_is_over_and_says_so_in_one_way(string what, int status)
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var container = Container(await proxy.NewSystemAsync(), patience: 2 * Moment, timeout: what == "hang" ? Moment : Limit);
        using var fault = proxy.Set(what switch { "busy" => StorageFault.Busy, "cut" => StorageFault.Cut, _ => StorageFault.Hang });

        var failed = await Assert.ThrowsAsync<RequestFailedException>(() => container.CreateAsync().WaitAsync(Limit));
        var sync = await Assert.ThrowsAsync<RequestFailedException>(() => Task.Run(() => container.Create()).WaitAsync(Limit));

        Assert.Equal((status, status), (failed.Status, sync.Status));
        Assert.InRange(fault.Count, 2, 12);
    }

    [Fact]
    public async Task Does_not_send_again_what_was_refused_or_called_off()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var container = Container(await proxy.NewSystemAsync(), patience: Limit);
        using (var refusal = proxy.Set(StorageFault.Answer(403, "AuthorizationFailure")))
        {
            Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => container.CreateAsync())).Status);
            Assert.Equal(1, refusal.Count);
        }

        using var hang = proxy.Set(StorageFault.Hang);
        using var impatient = new CancellationTokenSource(Moment / 3);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => container.CreateAsync(cancellationToken: impatient.Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_called_off_after_a_try_that_failed_is_called_off_and_not_failed(bool sync)
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var container = Container(await proxy.NewSystemAsync(), patience: Limit);
        using var impatient = new CancellationTokenSource();
        using var second = proxy.When(_ => true, _ => impatient.Cancel(), StorageFault.Hang);
        using var first = proxy.Set(StorageFault.Cut, times: 1);

        var fault = await Record.ExceptionAsync(() => (sync
            ? Task.Run(() => container.Create(cancellationToken: impatient.Token))
            : container.CreateAsync(cancellationToken: impatient.Token)).WaitAsync(Limit));

        Assert.IsAssignableFrom<OperationCanceledException>(fault);
        Assert.Equal((1, 1), (first.Count, second.Count));
    }

    [Fact]
    public async Task Waits_for_an_identity_that_cannot_be_had_as_for_a_storage_that_does_not_answer()
    {
        using var http = new HttpClient(new Creates());
        BlobContainerClient Of(LateIdentity identity, TimeSpan patience) => new(
            new Uri("https://account.blob.core.windows.net/runs"),
            identity,
            new BlobClientOptions { Transport = new HttpClientTransport(http), RetryPolicy = new PatientRetry(patience) });

        var late = await Of(new LateIdentity(failures: 2), Limit).CreateAsync();
        var never = await Assert.ThrowsAsync<RequestFailedException>(() => Of(new LateIdentity(int.MaxValue), 2 * Moment).CreateAsync());

        Assert.Equal(201, late.GetRawResponse().Status);
        Assert.Equal((0, "no identity"), (never.Status, never.Message));
    }

    [Fact]
    public void Pauses_grow_to_seconds_and_never_overflow()
    {
        Assert.InRange(PatientRetry.Pauses.GetNextDelay(null, 1).TotalSeconds, 0.2, 0.4);
        foreach (var tries in new[] { 6, 31, 32, 33, 64, 100_000, int.MaxValue })
        {
            Assert.InRange(PatientRetry.Pauses.GetNextDelay(null, tries).TotalSeconds, 3.9, 6.1);
        }
    }

    [Fact]
    public async Task A_conditional_write_whose_answer_was_lost_has_been_made()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync());
        using (var lost = proxy.Set(StorageFault.LoseAnswer, Once()))
        {
            var submission = await system.Store.SubmitAsync(StorageSystem.Teacher, CancellationToken.None);

            Assert.True(submission.Created);
            Assert.Equal([submission.Run], await system.NudgesAsync());
            Assert.InRange(lost.Count, 4, int.MaxValue);
        }

        var run = RunId.Of(StorageSystem.Teacher);
        using (proxy.Set(StorageFault.LoseAnswer, Once()))
        {
            var student = await system.SubmitAsync(StorageSystem.StudentOf(run));
            await system.FinishAsync(run, RunState.Succeeded);
            var blob = RunPaths.File(run, 1, "table.csv");
            await system.Store.PutAttemptBlobAsync(blob, new byte[10], CancellationToken.None);

            Assert.Equal([student], (await system.NudgesAsync()).Distinct());
            await Assert.ThrowsAsync<InvalidOperationException>(() => system.Store.PutAttemptBlobAsync(blob, new byte[11], CancellationToken.None));
        }
    }

    /// <summary>Every write to a blob loses its first answer.</summary>
    private static Func<StorageRequest, bool> Once()
    {
        var seen = new HashSet<string>();
        return request =>
        {
            lock (seen)
            {
                return request is { IsQueue: false, IsWrite: true } && request.Comp != "list" && seen.Add(request.Header("x-ms-client-request-id")!);
            }
        };
    }

    private sealed class LateIdentity(int failures) : TokenCredential
    {
        private int _asked;

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => ++_asked switch
        {
            var asked when asked > failures => new AccessToken("token", DateTimeOffset.MaxValue),
            1 => throw new AuthenticationFailedException("no identity"),
            _ => throw new CredentialUnavailableException("no identity"),
        };

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }

    /// <summary>A service that does what it is asked.</summary>
    private sealed class Creates : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new(HttpStatusCode.Created) { Headers = { ETag = new EntityTagHeaderValue("\"1\"") }, Content = new ByteArrayContent([]) { Headers = { LastModified = DateTimeOffset.UnixEpoch } } };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Send(request, cancellationToken));
    }

    /// <param name="timeout">Of one try. An answer of this very process may take a while on a busy machine; only what hangs is not to be waited for.</param>
    private static BlobContainerClient Container(ReidCloudOptions options, TimeSpan patience, TimeSpan? timeout = null) => new(
        options.StorageConnection,
        options.StoragePrefix + "runs",
        new BlobClientOptions { RetryPolicy = new PatientRetry(patience), Retry = { NetworkTimeout = timeout ?? Moment } });
}
