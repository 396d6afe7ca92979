using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using ReidCloud.Runs;

namespace ReidCloud.Cli.Api;

/// <summary>
/// Gets a file of a run of any length into a folder, straight from the storage: what arrives is checked against its SHA-256 and gets its name only
/// then. A connection that breaks is taken up where it broke, and an address that has expired meanwhile is asked for anew.
/// </summary>
internal sealed class FileDownload(HttpClient http, Func<CancellationToken, Task<Uri>> offer)
{
    private const int Attempts = 4;

    /// <summary><paramref name="arrived"/> hears how many bytes are there so far.</summary>
    public async Task SaveAsync(RunFileView file, string folder, Action<long> arrived, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, file.Name);
        var part = $"{path}.part";
        await using (var content = new FileStream(part, FileMode.Create, FileAccess.ReadWrite))
        {
            await FetchAsync(file, content, arrived, cancellationToken);
            content.Position = 0;
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)) != file.Sha256)
            {
                throw CommandException.Fault($"'{file.Name}' arrived damaged: its SHA-256 is not {file.Sha256}", "try again; if it stays so, the file in the storage is damaged");
            }
        }

        File.Move(part, path, overwrite: true);
    }

    private async Task FetchAsync(RunFileView file, FileStream content, Action<long> arrived, CancellationToken cancellationToken)
    {
        for (var attempt = 1; content.Length < file.Length; attempt++)
        {
            string complaint;
            var before = content.Length;
            try
            {
                complaint = await ReadAsync(await offer(cancellationToken), content, arrived, cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                complaint = exception.Message;
            }

            // An attempt that brought something on is no reason to give up.
            attempt = content.Length > before ? 0 : attempt;
            if (content.Length < file.Length && attempt == Attempts)
            {
                throw CommandException.Fault($"the storage did not give '{file.Name}' after {Attempts} attempts: {complaint}", "try again later");
            }

            await Task.Delay(TimeSpan.FromSeconds(content.Length < file.Length ? attempt : 0), cancellationToken);
        }
    }

    /// <summary>Adds what the address gives from where <paramref name="content"/> ends. Returns what was wrong if nothing came.</summary>
    private async Task<string> ReadAsync(Uri address, FileStream content, Action<long> arrived, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = new RangeHeaderValue(content.Length, null);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.PartialContent)
        {
            return $"HTTP {(int)answer.StatusCode} {answer.ReasonPhrase}";
        }

        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[1 << 16];
        for (int length; (length = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await content.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            arrived(content.Position);
        }

        return "the connection ended early";
    }
}
