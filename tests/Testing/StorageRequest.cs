using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ReidCloud.Tests.Testing;

/// <summary>
/// A request on its way to the storage. Names are decoded; of a queue, <see cref="Container"/> is the queue and <see cref="Blob"/> what follows it
/// (messages, messages/ID).
/// </summary>
public sealed class StorageRequest
{
    private readonly HttpRequest _request;
    private readonly Dictionary<string, string> _query;

    internal StorageRequest(HttpRequest request, string target, bool isQueue)
    {
        (_request, IsQueue, Method) = (request, isQueue, request.Method);
        var (path, query) = target.Split('?', 2) is [var before, var after] ? (before, after) : (target, "");
        _query = QueryHelpers.ParseQuery(query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());

        // /account/container/blob/with/folders
        var parts = path.TrimStart('/').Split('/', 3);
        Container = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
        Blob = parts.Length > 2 ? Uri.UnescapeDataString(parts[2]) : "";
    }

    public bool IsQueue { get; }

    public string Method { get; }

    /// <summary>With the system's prefix: t0123456789-runs.</summary>
    public string Container { get; }

    public string Blob { get; }

    /// <summary>`block`, `blocklist`, `lease`, `appendblock`, `list`; null of a plain read or write.</summary>
    public string? Comp => _query.GetValueOrDefault("comp");

    /// <summary>`acquire`, `renew`, `release`, `break` of a lease.</summary>
    public string? LeaseAction => Header("x-ms-lease-action");

    public bool IsWrite => Method is not ("GET" or "HEAD");

    /// <summary>Puts a blob's content, whole or by its list of blocks: what makes it be there.</summary>
    public bool Publishes => Method == "PUT" && Comp is null or "blocklist" && Blob.Length > 0 && !IsQueue;

    public string? Header(string name) => _request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    public override string ToString() => $"{Method} {(IsQueue ? "queue" : "container")} {Container}/{Blob} {string.Join("&", _query.Select(pair => $"{pair.Key}={pair.Value}"))} {LeaseAction}";
}
