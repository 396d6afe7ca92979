using System.Net;
using System.Net.Http.Headers;
using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Reports.Comparisons;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Cli.Api;

/// <summary>
/// The HTTP API, one method per operation. A refusal is a <see cref="ProblemException"/>; no answer at all is a
/// <see cref="CommandException"/> that says how to start or name a system.
/// </summary>
internal sealed class ReidClient : IDisposable
{
    private const string KeyHeader = "x-functions-key";
    private const int MostReturns = 2;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;

    public ReidClient(Uri address, string? key = null, HttpMessageHandler? handler = null)
    {
        Address = address;

        // A redirect would be followed with all headers, the key included, to whatever host it names.
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Add(KeyHeader, key);
        }
    }

    /// <summary>With a slash at its end.</summary>
    public Uri Address { get; }

    /// <summary>Whether the API answers that it and its storage are well.</summary>
    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync("api/health", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public Task<UploadOffer> OfferUploadAsync(string dataset, string file, CancellationToken cancellationToken) =>
        SendAsync<UploadOffer>(HttpMethod.Post, $"api/datasets/{Escape(dataset)}/uploads", new UploadRequest(file), cancellationToken);

    /// <summary>Answers at once or, when the commit takes longer, with a view that is still <see cref="DatasetState.Committing"/>.</summary>
    public Task<DatasetView> CommitAsync(string dataset, CommitRequest asked, CancellationToken cancellationToken) =>
        SendAsync<DatasetView>(HttpMethod.Put, $"api/datasets/{Escape(dataset)}", asked, cancellationToken);

    public Task<DatasetView> DatasetAsync(string name, CancellationToken cancellationToken) =>
        SendAsync<DatasetView>(HttpMethod.Get, $"api/datasets/{Escape(name)}", null, cancellationToken);

    public Task<DatasetView?> TryDatasetAsync(string name, CancellationToken cancellationToken) => IfThereAsync(() => DatasetAsync(name, cancellationToken));

    /// <summary>All of them, page by page.</summary>
    public Task<IReadOnlyList<DatasetView>> DatasetsAsync(CancellationToken cancellationToken) =>
        PagesAsync<DatasetList, DatasetView>(next => $"api/datasets{Query(("continue", next))}", page => (page.Datasets, page.Continue), cancellationToken);

    /// <param name="priority">Null: normal, or of a run that is there already, the one that it has.</param>
    public Task<RunView> SubmitAsync(RunSpec spec, RunPriority? priority, CancellationToken cancellationToken) =>
        SendAsync<RunView>(HttpMethod.Post, $"api/runs{Query(("priority", priority is { } wanted ? NameConverterFactory.NameOf(wanted) : null))}", spec, cancellationToken);

    public Task<RunView> RunAsync(RunId run, CancellationToken cancellationToken) =>
        SendAsync<RunView>(HttpMethod.Get, $"api/runs/{run}", null, cancellationToken);

    public Task<RunView?> TryRunAsync(RunId run, CancellationToken cancellationToken) => IfThereAsync(() => RunAsync(run, cancellationToken));

    /// <summary>All of them, page by page, newest first.</summary>
    public Task<IReadOnlyList<RunView>> RunsAsync(RunState? state, CancellationToken cancellationToken) => PagesAsync<RunList, RunView>(
        next => $"api/runs{Query(("state", state is { } wanted ? NameConverterFactory.NameOf(wanted) : null), ("continue", next))}",
        page => (page.Runs, page.Continue),
        cancellationToken);

    /// <summary>Asks the run to stop; it does so at its next step.</summary>
    public Task<RunView> CancelAsync(RunId run, CancellationToken cancellationToken) =>
        SendAsync<RunView>(HttpMethod.Delete, $"api/runs/{run}", null, cancellationToken);

    /// <summary>Has a run that failed or was cancelled done again.</summary>
    public Task<RunView> RetryAsync(RunId run, RetryFrom from, CancellationToken cancellationToken) =>
        SendAsync<RunView>(HttpMethod.Post, $"api/runs/{run}/retry", new RetryRequest(from), cancellationToken);

    /// <summary>What failed, page by page, newest first.</summary>
    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(CancellationToken cancellationToken) => PagesAsync<DeadLetterList, DeadLetter>(
        next => $"api/dead-letters{Query(("continue", next))}", page => (page.DeadLetters, page.Continue), cancellationToken);

    public Task<MetricReport> ReportAsync(RunId run, CancellationToken cancellationToken) =>
        SendAsync<MetricReport>(HttpMethod.Get, $"api/runs/{run}/report", null, cancellationToken);

    /// <summary>Runs that have succeeded side by side; the others are tested against the first.</summary>
    public Task<Comparison> CompareAsync(IEnumerable<RunId> runs, CancellationToken cancellationToken) =>
        SendAsync<Comparison>(HttpMethod.Get, $"api/compare{Query(("runs", string.Join(',', runs)))}", null, cancellationToken);

    /// <summary>The same for people.</summary>
    /// <param name="form">`html`, `md` or `csv`.</param>
    public async Task<string> CompareAsync(IEnumerable<RunId> runs, string form, CancellationToken cancellationToken)
    {
        var path = $"api/compare{Query(("runs", string.Join(',', runs)), ("format", form))}";
        using var answer = await AnswerAsync(HttpMethod.Get, path, null, cancellationToken);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(cancellationToken) : throw await RefusalAsync(path, answer, cancellationToken);
    }

    /// <summary>What happened in a run after a place that an earlier answer gave as its next, or from the beginning.</summary>
    public Task<RunEvents> EventsAsync(RunId run, string? after, CancellationToken cancellationToken) =>
        SendAsync<RunEvents>(HttpMethod.Get, $"api/runs/{run}/events{Query(("after", after))}", null, cancellationToken);

    /// <summary>All that has happened in a run so far, oldest first.</summary>
    public async Task<IReadOnlyList<RunEvent>> AllEventsAsync(RunId run, CancellationToken cancellationToken)
    {
        var all = new List<RunEvent>();
        string? next = null;
        while (await EventsAsync(run, next, cancellationToken) is { Events.Count: > 0 } page)
        {
            all.AddRange(page.Events);
            next = page.Next;
        }

        return all;
    }

    public async Task<IReadOnlyList<RunFileView>> FilesAsync(RunId run, CancellationToken cancellationToken) =>
        (await SendAsync<RunFileList>(HttpMethod.Get, $"api/runs/{run}/files", null, cancellationToken)).Files;

    /// <summary>A short-lived address of the file in the storage, which opens it to anyone: no key is needed there.</summary>
    public async Task<Uri> FileAddressAsync(RunId run, string name, CancellationToken cancellationToken) =>
        (await SendAsync<SignedAddress>(HttpMethod.Post, $"api/runs/{run}/files/{Escape(name)}/address", null, cancellationToken)).Url;

    public Task<WeightsUploadOffer> OfferWeightsUploadAsync(string weights, string file, CancellationToken cancellationToken) =>
        SendAsync<WeightsUploadOffer>(HttpMethod.Post, $"api/weights/{Escape(weights)}/uploads", new WeightsUploadRequest(file), cancellationToken);

    /// <summary>Makes weights of the file that was uploaded.</summary>
    public Task<WeightsView> PushWeightsAsync(string name, PushRequest asked, CancellationToken cancellationToken) =>
        SendAsync<WeightsView>(HttpMethod.Put, $"api/weights/{Escape(name)}", asked, cancellationToken);

    public Task<WeightsView> WeightsAsync(string name, CancellationToken cancellationToken) =>
        SendAsync<WeightsView>(HttpMethod.Get, $"api/weights/{Escape(name)}", null, cancellationToken);

    public Task<WeightsView?> TryWeightsAsync(string name, CancellationToken cancellationToken) => IfThereAsync(() => WeightsAsync(name, cancellationToken));

    /// <summary>All pushed weights, page by page.</summary>
    public Task<IReadOnlyList<WeightsSummary>> AllWeightsAsync(CancellationToken cancellationToken) =>
        PagesAsync<WeightsList, WeightsSummary>(next => $"api/weights{Query(("continue", next))}", page => (page.Weights, page.Continue), cancellationToken);

    /// <inheritdoc cref="FileAddressAsync"/>
    public Task<Uri> WeightsAddressAsync(string name, CancellationToken cancellationToken) =>
        SentOnAsync($"api/weights/{Escape(name)}/file", cancellationToken);

    /// <summary>Null where the API says that there is no such thing.</summary>
    private static async Task<T?> IfThereAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (ProblemException exception) when (exception.Problem.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<TItem>> PagesAsync<TPage, TItem>(
        Func<string?, string> pathOf, Func<TPage, (IReadOnlyList<TItem> Items, string? Continue)> read, CancellationToken cancellationToken)
    {
        var all = new List<TItem>();
        string? next = null;
        do
        {
            var page = read(await SendAsync<TPage>(HttpMethod.Get, pathOf(next), null, cancellationToken));
            all.AddRange(page.Items);
            next = page.Continue;
        }
        while (next is not null);
        return all;
    }

    private async Task<Uri> SentOnAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await AnswerAsync(HttpMethod.Get, path, null, cancellationToken);
        return answer is { StatusCode: HttpStatusCode.Redirect, Headers.Location: { IsAbsoluteUri: true } address }
            ? address
            : throw await RefusalAsync(path, answer, cancellationToken);
    }

    public Uri ReportAddress(RunId run) => new(Address, $"api/runs/{run}/report");

    public void Dispose() => _http.Dispose();

    /// <summary>`?a=1&amp;b=2` of those that have a value.</summary>
    private static string Query(params (string Name, string? Value)[] parts)
    {
        var given = parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Escape(part.Value!)}").ToList();
        return given.Count > 0 ? $"?{string.Join('&', given)}" : "";
    }

    private static string Escape(string name) => Uri.EscapeDataString(name);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var answer = await AnswerAsync(method, path, body, cancellationToken);
        return answer.IsSuccessStatusCode
            ? Read<T>(path, await answer.Content.ReadAsByteArrayAsync(cancellationToken))
            : throw await RefusalAsync(path, answer, cancellationToken);
    }

    /// <summary>A caller that asks too often is told when to come again, and does, twice at most.</summary>
    private async Task<HttpResponseMessage> AnswerAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await AskAsync(method, path, body, cancellationToken);
            if (attempt > MostReturns || answer.StatusCode != HttpStatusCode.TooManyRequests || answer.Headers.RetryAfter?.Delta is not { } wait || wait > LongestWait)
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(wait, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            // A spec is written as its base type, so that its kind is written too.
            request.Content = new ByteArrayContent(body is RunSpec spec ? ReidJson.Canonical(spec) : ReidJson.Write(body))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        }

        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw CommandException.Fault(
                $"no answer from {Address} ({exception.Message})",
                "`./reid up` starts a system on this machine; --url or REIDCLOUD_URL names another");
        }
    }

    private async Task<Exception> RefusalAsync(string path, HttpResponseMessage answer, CancellationToken cancellationToken) =>
        (int)answer.StatusCode is >= 300 and < 400
            ? CommandException.Mistake(
                $"{new Uri(Address, path)} sends on to {answer.Headers.Location}",
                "name the address where the API itself is with --url or REIDCLOUD_URL, https where it wants that")
            : new ProblemException(Problem.Parse((int)answer.StatusCode, answer.ReasonPhrase, await answer.Content.ReadAsStringAsync(cancellationToken)));

    private T Read<T>(string path, byte[] bytes)
    {
        try
        {
            return ReidJson.Read<T>(bytes);
        }
        catch (SpecException exception)
        {
            throw CommandException.Fault(
                $"{new Uri(Address, path)} answered with something else than a {typeof(T).Name} ({exception.Message})",
                "is that address a ReidCloud API of this version? `./reid doctor` asks it");
        }
    }
}
