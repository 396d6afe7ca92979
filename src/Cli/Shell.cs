using System.CommandLine;
using ReidCloud.Cli.Api;

namespace ReidCloud.Cli;

/// <summary>What all commands share: the terminal, and the options that mean the same everywhere.</summary>
internal sealed class Shell(Terminal terminal)
{
    public const string DefaultUrl = "http://127.0.0.1:7071";

    public Terminal Terminal { get; } = terminal;

    public Option<string?> Url { get; } = new("--url")
    {
        Description = $"The HTTP API's address. Default: REIDCLOUD_URL, or {DefaultUrl}",
        HelpName = "address",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the result as JSON on standard output",
    };

    /// <summary>A client of the address that was chosen; REIDCLOUD_KEY is the function key where one is needed.</summary>
    public ReidClient Client(ParseResult parse)
    {
        var text = parse.GetValue(Url) ?? Environment.GetEnvironmentVariable("REIDCLOUD_URL") ?? DefaultUrl;
        if (Uri.TryCreate(text, UriKind.Absolute, out var given) && (given.UserInfo.Length > 0 || given.Query.Length > 0))
        {
            throw CommandException.Mistake("the address holds more than an address, perhaps a key", "name it without; the Functions app's key goes into REIDCLOUD_KEY");
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new ReidClient(new Uri($"{url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/"), Environment.GetEnvironmentVariable("REIDCLOUD_KEY"))
            : throw CommandException.Mistake($"'{text}' is not an http or https address", $"for example --url {DefaultUrl}");
    }
}
