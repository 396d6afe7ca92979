using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ReidCloud.Functions.Local;

/// <summary>
/// Whom the local host lets in. Without a key it listens to this machine alone, and then two ways lead in that its owner does not mean: a page of another
/// site in a browser here, and such a page under a name that its owner points at this machine (DNS rebinding). Both are told by headers that a page cannot
/// change (Fetch Metadata; RFC 6454). Beyond this machine a key is demanded, as in the cloud.
/// </summary>
internal sealed class LocalDoor
{
    public const string KeyVariable = "REIDCLOUD_FUNCTIONS_KEY";
    private const string KeyHeader = "x-functions-key";
    private const string KeyParameter = "code";
    private const int ShortestKey = 16;
    private static readonly string[] OwnNames = ["localhost", "127.0.0.1", "[::1]"];

    private readonly bool _isLocal;
    private readonly string? _key;

    /// <exception cref="LocalHostException">It would be open to other machines, or the key is too short to be one.</exception>
    public LocalDoor(string address, string? key)
    {
        _isLocal = address == "localhost" || (IPAddress.TryParse(address, out var ip) && IPAddress.IsLoopback(ip));
        _key = string.IsNullOrEmpty(key) ? null : key;
        if (!_isLocal && _key is null)
        {
            throw new LocalHostException($"To listen on {address}, beyond this machine, takes a key: set {KeyVariable} to {ShortestKey} characters or more that nobody can guess, here and as REIDCLOUD_KEY where `reid` asks. Without --address it listens to this machine alone and needs none.");
        }

        if (_key is { Length: < ShortestKey })
        {
            throw new LocalHostException($"{KeyVariable} is too short for a key: at least {ShortestKey} characters that nobody can guess");
        }
    }

    /// <summary>Why the request is not let in, with its status; or null.</summary>
    public (int Status, string Why)? Refusal(HttpRequest request)
    {
        if (_isLocal && !OwnNames.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status421MisdirectedRequest, $"This is {OwnNames[0]}, not the host that the request names. Ask for http://{OwnNames[1]}.");
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var isForeign = site is "cross-site" or "same-site" || (origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}");
        return isForeign ? (StatusCodes.Status403Forbidden, "Pages of other sites may not use this API.") : null;
    }

    /// <summary>Whether it shows the key, where one is demanded.</summary>
    public bool Admits(HttpRequest request)
    {
        var shown = request.Headers[KeyHeader] is [{ Length: > 0 } header, ..] ? header : request.Query[KeyParameter].ToString();
        return _key is null || CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown)), SHA256.HashData(Encoding.UTF8.GetBytes(_key)));
    }
}
