using System.Net;
using System.Security;
using System.Text;

namespace ReidCloud.Cli.Api;

/// <summary>
/// Puts a stream of any length into a block blob through a signed address (REST operations Put Block and Put Block List), some blocks at once. A block that fails
/// is sent again, and an address that has expired meanwhile is asked for anew: blocks already sent stay.
/// </summary>
internal sealed class BlobUpload(HttpClient http, Func<CancellationToken, Task<Uri>> offer)
{
    private const string ServiceVersion = "2021-12-02";
    private const int Attempts = 4;

    /// <summary>So that one is on its way while another is read or answered; a connection alone does not fill the way to a storage that is far.</summary>
    private const int BlocksAtOnce = 4;

    /// <summary>The last that was given; several blocks may find it expired.</summary>
    private Uri? _address;

    /// <summary>A blob has at most 50,000 blocks: room for 781 GiB.</summary>
    public int BlockLength { get; init; } = 16 << 20;

    /// <summary><paramref name="sent"/> hears how many bytes have arrived so far.</summary>
    public async Task<long> SendAsync(Stream content, Action<long> sent, CancellationToken cancellationToken)
    {
        _address = await offer(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var blocks = new List<string>();
        var sending = new Task[BlocksAtOnce];
        Array.Fill(sending, Task.CompletedTask);
        var buffers = new byte[BlocksAtOnce][];
        long total = 0;
        try
        {
            while (true)
            {
                // A buffer is filled again when what it held has arrived; what has failed meanwhile ends it all.
                var place = blocks.Count % BlocksAtOnce;
                await sending[place];
                await (Array.Find(sending, one => one.IsFaulted) ?? Task.CompletedTask);
                var buffer = buffers[place] ??= new byte[BlockLength];
                var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
                if (length == 0)
                {
                    break;
                }

                var id = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{blocks.Count:D8}"));
                blocks.Add(id);
                sending[place] = SendBlockAsync(id, buffer.AsMemory(0, length));
            }

            await Task.WhenAll(sending);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var list = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        blocks.ForEach(id => list.Append("<Latest>").Append(SecurityElement.Escape(id)).Append("</Latest>"));
        list.Append("</BlockList>");
        await PutAsync("comp=blocklist", () => new StringContent(list.ToString(), Encoding.UTF8, "text/plain"), cancellationToken);
        return total;

        async Task SendBlockAsync(string id, ReadOnlyMemory<byte> block)
        {
            await PutAsync($"comp=block&blockid={Uri.EscapeDataString(id)}", () => new ReadOnlyMemoryContent(block), stop.Token);
            lock (blocks)
            {
                sent(total += block.Length);
            }
        }
    }

    private async Task PutAsync(string query, Func<HttpContent> content, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            string complaint;
            var address = _address!;
            using var request = new HttpRequestMessage(HttpMethod.Put, new UriBuilder(address) { Query = $"{address.Query.TrimStart('?')}&{query}" }.Uri);
            request.Headers.Add("x-ms-version", ServiceVersion);
            request.Content = content();
            try
            {
                using var answer = await http.SendAsync(request, cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }

                var body = await answer.Content.ReadAsStringAsync(cancellationToken);
                complaint = $"HTTP {(int)answer.StatusCode} {answer.ReasonPhrase} {body}";
                var refused = answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized;
                if (!refused && (int)answer.StatusCode is >= 400 and < 500 and not 408 and not 429)
                {
                    throw CommandException.Fault($"the storage refused the upload: {complaint}");
                }

                if (refused && ReferenceEquals(address, _address))
                {
                    _address = await offer(cancellationToken);
                }
            }
            catch (HttpRequestException exception)
            {
                complaint = exception.Message;
            }

            if (attempt == Attempts)
            {
                throw CommandException.Fault(
                    $"the storage at {address.GetLeftPart(UriPartial.Authority)} did not take the upload after {Attempts} attempts: {complaint}",
                    "push again: what was committed before is untouched");
            }

            await Task.Delay(TimeSpan.FromSeconds(attempt), cancellationToken);
        }
    }
}
