using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using ReidCloud.Reports.Page;

namespace ReidCloud.Functions.Api;

/// <summary>
/// One of the files that make up the web page: what stands in Web/, carried inside the assembly, so that a name only ever chooses among them. The browser
/// may run and load what this server sends, and nothing else: not even a line of script inside the page, nor text that became markup (Trusted Types). The one
/// other style sheet is that of reports: one that was fetched with a key is shown from the page's memory, under the page's own policy.
/// </summary>
internal sealed class PageFile : IResult
{
    public const string Start = "index.html";
    private const string Folder = "web/";

    private static readonly string Policy = $"default-src 'none'; script-src 'self'; style-src 'self' '{PageStyle.Hash}'; img-src 'self' data: blob:; connect-src 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly FrozenDictionary<string, PageFile> Files = typeof(PageFile).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Folder.Length..], name => new PageFile(name), StringComparer.Ordinal);

    private readonly byte[] _content;
    private readonly string _contentType;
    private readonly string _tag;

    private PageFile(string resource)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream(resource)!;
        _content = new byte[stream.Length];
        stream.ReadExactly(_content);
        _contentType = TypeOf(Path.GetExtension(resource));
        _tag = EntityTag.Of(_content);
    }

    public static IReadOnlyCollection<string> Names => Files.Keys;

    public static PageFile? Named(string name) => Files.GetValueOrDefault(name);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ContentSecurityPolicy = Policy;
        if (EntityTag.IsAnswer(httpContext, _tag, "no-cache"))
        {
            return;
        }

        response.ContentType = _contentType;
        response.ContentLength = _content.Length;
        await response.Body.WriteAsync(_content, httpContext.RequestAborted);
    }

    private static string TypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new ArgumentException($"a page has no '{extension}'", nameof(extension)),
    };
}
