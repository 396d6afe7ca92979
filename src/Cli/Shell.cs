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
    public ReidClient Client(ParseResult parse) => Client(
        parse.GetValue(Url) ?? Environment.GetEnvironmentVariable("REIDCLOUD_URL") ?? DefaultUrl,
        Environment.GetEnvironmentVariable("REIDCLOUD_KEY") is { Length: > 0 } key ? key : null);

    /// <exception cref="CommandException">It is no address to send requests to, or none to send a key to.</exception>
    internal static ReidClient Client(string text, string? key)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var given) && (given.UserInfo.Length > 0 || given.Query.Length > 0))
        {
            throw CommandException.Mistake("the address holds more than an address, perhaps a key", "name it without; the Functions app's key goes into REIDCLOUD_KEY");
        }

        if (given is not { Scheme: "http" or "https" })
        {
            throw CommandException.Mistake($"'{text}' is not an http or https address", $"for example --url {DefaultUrl}");
        }

        return given is { Scheme: "http", IsLoopback: false } && key is not null
            ? throw CommandException.Mistake(
                $"REIDCLOUD_KEY would be sent to {given.Host} in clear text, for anyone on the way to read",
                "name an https address; where the API has none, put a proxy with TLS before it, or come by `ssh -L 7071:localhost:7071` and --url http://localhost:7071")
            : new ReidClient(new Uri($"{given.GetLeftPart(UriPartial.Path).TrimEnd('/')}/"), key);
    }
}
