using System.Text;
using Microsoft.Extensions.Logging;
using ReidCloud.Cli;
using ReidCloud.Cli.Api;
using ReidCloud.Functions;
using ReidCloud.GpuRunner;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Cli;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>Secrets that could be recognized are put wherever one might slip in; then all that a user or a reader of logs can see is searched for them.</summary>
public sealed class SecretsTests(AzuriteFixture azurite)
{
    private const string BusKey = "PlantedBusKeyPlantedBusKeyPlantedBusKeyPlan=";
    private const string FunctionKey = "planted-function-key-0123456789";
    private const string Signature = "PlantedSignature%2BPlanted%3D";

    private static readonly string Bus = $"Endpoint=sb://planted.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey={BusKey}";

    [Fact]
    public async Task No_line_of_the_APIs_log_holds_a_signature_or_a_key()
    {
        using var log = new CapturedLog();
        await using var storage = await FaultyStorage.StartAsync(azurite);
        await using var api = await ApiServer.StartAsync(
            azurite,
            options => options with { Key = FunctionKey, Log = logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace) },
            ("StorageConnection", (await storage.NewSystemAsync()).StorageConnection!));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = api.Address };
        api.Client.DefaultRequestHeaders.Add("x-functions-key", FunctionKey);
        await api.AddDatasetAsync("mine", "p", "q");
        var done = await api.SubmitAsync(1);
        await api.LeaveAsync(done, ("map.png", [1]));
        var open = await api.SubmitAsync(2);

        using var sent = await client.GetAsync($"/api/runs/{done}/files/map.png?code={FunctionKey}");
        var signature = System.Web.HttpUtility.ParseQueryString(sent.Headers.Location!.Query)["sig"]!;
        foreach (var path in new[] { "health", "runs", "nothing", "datasets/none", $"runs?{Uri.EscapeDataString($"code={FunctionKey}")}" })
        {
            (await client.GetAsync($"/api/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}code={FunctionKey}")).Dispose();
        }

        // A storage that quotes what it was sent, to a request, to a commit and to the sweep.
        storage.Set(StorageFault.Answer(403, $"x?sig={Signature}"), request => request.Method == "GET" && (request.Blob.EndsWith("status.json", StringComparison.Ordinal) || request.Blob.Contains("/uploads/", StringComparison.Ordinal)));
        await api.GetAsync($"/api/runs/{open}", 500);
        await api.UploadAsync("bad", ApiDatasets.Zip("p", "q"));
        await api.JsonAsync(HttpMethod.Put, "/api/datasets/bad", 422, "{}");
        var stalled = new StalledRuns(api.Service<RunStore>(), api.Service<RunQueue>(), new ManualClock(DateTimeOffset.UtcNow.AddMinutes(5)));
        await new NudgeStalledRuns(stalled, api.Service<ILogger<NudgeStalledRuns>>()).RunAsync(new(), default);

        Assert.All(log.Lines, line => Assert.All(
            [FunctionKey, Signature, signature, Uri.EscapeDataString(signature), "PlantedSignature"], secret => Assert.DoesNotContain(secret, line, StringComparison.Ordinal)));
        foreach (var by in new[] { "Functions.Api.Answer", nameof(DatasetCommits), nameof(NudgeStalledRuns) })
        {
            Assert.Contains(log.Lines, line => line.Contains($"{by}: ", StringComparison.Ordinal) && line.Contains($"x?sig={Redaction.Hidden}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Nothing_that_anybody_can_read_holds_a_secret()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        var connection = await azurite.ConnectionAsync();
        var account = connection.Split(';').Single(part => part.StartsWith("AccountKey=", StringComparison.Ordinal))["AccountKey=".Length..];
        string[] secrets = [account, BusKey, FunctionKey, Signature];

        // An exception quotes everything that it could have been given.
        var leak = new InvalidOperationException($"{connection} {Bus} https://h/b?sv=1&sig={Signature}&se=2 x-functions-key: {FunctionKey} https://h/api?code={FunctionKey}");
        await api.AddDatasetAsync("mine", "p", "q");
        await api.UploadAsync("bad", "no archive"u8.ToArray());
        var failed = await api.SubmitAsync(1);
        var store = api.Service<RunStore>();
        await using (var lease = await api.ClaimAsync(failed))
        {
            await store.OpenEvents(failed, 1).AppendAsync([new RunEvent(DateTimeOffset.UtcNow, RunEventKind.Note) { Message = leak.Message }], default);
            await store.PutAttemptBlobAsync(RunPaths.AttemptEnd(failed, 1), ReidJson.Write(new AttemptEvidence(AttemptEnd.Crashed, DateTimeOffset.UtcNow, leak.Message) { LastWords = [leak.ToString()] }), default);
            var status = lease.Status with
            {
                State = RunState.Failed,
                Failure = new RunFailure(FailureCause.Fault, leak.Message, leak.ToString()),
                Attempts = [new RunAttempt(1, "here", DateTimeOffset.UtcNow) { Message = leak.Message }],
            };
            await store.FinishAsync(lease, status, default);
        }

        await api.Storage.Queue.SendMessageAsync(leak.Message.Replace('\n', ' '));
        var nudge = (await api.Service<RunQueue>().ReceiveAsync(TimeSpan.FromSeconds(5), default))!;
        while (nudge.Run is not null)
        {
            nudge = (await api.Service<RunQueue>().ReceiveAsync(TimeSpan.FromSeconds(5), default))!;
        }

        await store.PutAsideAsync(nudge, FailureCause.BadSpec, leak.Message, default);
        var damaged = await api.SubmitAsync(2);
        await api.Storage.Runs.GetBlobClient(RunPaths.Status(damaged)).UploadAsync(BinaryData.FromString("?"), overwrite: true);

        var seen = new StringBuilder();
        foreach (var path in new[]
        {
            "health", "catalog", "presets", "presets/none", "openapi.json", "datasets", "datasets/mine", "datasets/none", "weights", "weights/none", "dead-letters", $"runs/{failed}", $"runs/{failed}/events",
            $"runs/{failed}/report", $"runs/{failed}/files/x", $"runs/{damaged}", "runs?code=x&state=no", $"runs?sig={Signature}", $"runs?code={FunctionKey}&continue=x", "nothing",
        })
        {
            seen.AppendLine(await (await api.Client.GetAsync($"/api/{path}")).Content.ReadAsStringAsync());
        }

        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Put, "datasets/bad", ""), (HttpMethod.Put, "datasets/none", ""), (HttpMethod.Post, "runs", "{}"), (HttpMethod.Post, $"runs/{failed}/retry", "{}"), (HttpMethod.Delete, $"runs/{failed}", ""),
        })
        {
            seen.AppendLine(await (await api.SendAsync(method, $"/api/{path}", body)).Content.ReadAsStringAsync());
        }

        foreach (var container in new[] { api.Storage.Runs, api.Storage.Index, api.Storage.Datasets, api.Storage.Weights })
        {
            await foreach (var blob in container.GetBlobsAsync())
            {
                seen.AppendLine(blob.Name).AppendLine((await container.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToString());
            }
        }

        using var log = new StringWriter();
        new RunnerLog(log, TimeProvider.System).Say(leak.ToString());
        seen.Append(log);
        seen.Append(new OptionsException([leak.Message]).Message).Append(string.Join('\n', new OptionsException([leak.Message]).Faults));
        foreach (var wrong in new ReidCloudOptions[]
        {
            new() { StorageAccount = connection }, new() { StorageConnection = connection, ServiceBusNamespace = Bus }, new() { StorageConnection = connection.Replace("AccountName", "", StringComparison.Ordinal), Queue = leak.Message, StoragePrefix = leak.Message },
            new() { StorageConnection = $"AccountName=a;AccountKey={account}!;" },
        })
        {
            seen.AppendLine((Record.Exception(() => new StorageAccess(wrong)) ?? throw new InvalidOperationException("these options cannot be used")).Message);
        }

        foreach (var arguments in new string[][]
        {
            ["dead-letters"], ["dead-letters", "--json"], ["runs"], ["watch", $"{failed}"], ["runs", "--json"], ["dataset", "show", "bad"],
        })
        {
            var said = await CommandLine.RunAsync([.. arguments, "--url", api.Address.ToString()]);
            seen.AppendLine(said.Output).AppendLine(said.Error);
        }

        foreach (var url in new[] { $"https://reid:{FunctionKey}@localhost/", $"https://localhost/?code={FunctionKey}" })
        {
            var said = await CommandLine.RunAsync("runs", "--url", url);
            Assert.Equal(2, said.ExitCode);
            seen.AppendLine(said.Error);
        }

        using (var client = new ReidClient(new Uri("http://localhost:9/"), FunctionKey))
        {
            seen.AppendLine((await Assert.ThrowsAsync<CommandException>(() => client.RunsAsync(null, default))).ToString());
        }

        var all = seen.ToString();
        Assert.Contains(Redaction.Hidden, all, StringComparison.Ordinal);
        Assert.Contains("planted.servicebus.windows.net", all, StringComparison.Ordinal);
        Assert.All(secrets, secret =>
        {
            foreach (var form in new[] { secret, Uri.UnescapeDataString(secret), Uri.EscapeDataString(secret), secret.Replace("+", "\\u002B", StringComparison.Ordinal) })
            {
                var place = all.IndexOf(form, StringComparison.Ordinal);
                Assert.True(place < 0, $"leaked: {all[Math.Max(0, place - 300)..Math.Min(all.Length, Math.Max(0, place) + 120)]}");
            }
        });
    }
}
