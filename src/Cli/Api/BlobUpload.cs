using System.Net;
using System.Security;
using System.Text;

namespace ReidCloud.Cli.Api;

/// <summary>
/// Puts a stream of any length into a block blob through a signed address (REST operations Put Block and Put Block List). A block that fails
/// is sent again, and an address that has expired meanwhile is asked for anew: blocks already sent stay.
/// </summary>
internal sealed class BlobUpload(HttpClient http, Func<CancellationToken, Task<Uri>> offer)
{
    private const string ServiceVersion = "2021-12-02";
    private const int Attempts = 4;

    /// <summary>A blob has at most 50,000 blocks: room for 781 GiB.</summary>
    public int BlockLength { get; init; } = 16 << 20;

    /// <summary><paramref name="sent"/> hears how many bytes have arrived so far.</summary>
    public async Task<long> SendAsync(Stream content, Action<long> sent, CancellationToken cancellationToken)
    {
        var address = await offer(cancellationToken);
        var blocks = new List<string>();
        var buffer = new byte[BlockLength];
        long total = 0;
        for (int length; (length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0;)
        {
            var id = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{blocks.Count:D8}"));
            var block = buffer.AsMemory(0, length);
            address = await PutAsync(
                address, $"comp=block&blockid={Uri.EscapeDataString(id)}", () => new ReadOnlyMemoryContent(block), cancellationToken);
            blocks.Add(id);
            total += length;
            sent(total);
        }

        var list = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        blocks.ForEach(id => list.Append("<Latest>").Append(SecurityElement.Escape(id)).Append("</Latest>"));
        list.Append("</BlockList>");
        await PutAsync(address, "comp=blocklist", () => new StringContent(list.ToString(), Encoding.UTF8, "text/plain"), cancellationToken);
        return total;
    }

    /// <summary>Returns the address that worked.</summary>
    private async Task<Uri> PutAsync(Uri address, string query, Func<HttpContent> content, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            string complaint;
            using var request = new HttpRequestMessage(HttpMethod.Put, new UriBuilder(address) { Query = $"{address.Query.TrimStart('?')}&{query}" }.Uri);
            request.Headers.Add("x-ms-version", ServiceVersion);
            request.Content = content();
            try
            {
                using var answer = await http.SendAsync(request, cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return address;
                }

                var body = await answer.Content.ReadAsStringAsync(cancellationToken);
                complaint = $"HTTP {(int)answer.StatusCode} {answer.ReasonPhrase} {body}";
                var refused = answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized;
                if (!refused && (int)answer.StatusCode is >= 400 and < 500 and not 408 and not 429)
                {
                    throw CommandException.Fault($"the storage refused the upload: {complaint}");
                }

                address = refused ? await offer(cancellationToken) : address;
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
