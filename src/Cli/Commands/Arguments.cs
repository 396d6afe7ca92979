using System.CommandLine;
using System.CommandLine.Parsing;
using ReidCloud.Runs;

namespace ReidCloud.Cli.Commands;

/// <summary>Arguments that several commands take.</summary>
internal static class Arguments
{
    public static Argument<RunId> Run() => new("run")
    {
        Description = "The run's id: twenty hexadecimal digits, as `submit` and `runs` print it",
        CustomParser = result => ParseOptionalRun(result) ?? default,
    };

    public static RunId? ParseOptionalRun(ArgumentResult result)
    {
        if (RunId.TryParse(result.Tokens[0].Value, out var id))
        {
            return id;
        }

        result.AddError($"'{result.Tokens[0].Value}' is not a run id: twenty lowercase hexadecimal digits, as `./reid runs` lists them");
        return null;
    }

    public static Option<int> FunctionsPort() => new("--port")
    {
        Description = "Port of the HTTP API",
        DefaultValueFactory = _ => new Local.LocalPorts().Functions,
    };

    public static Option<int> StoragePort() => new("--storage-port")
    {
        Description = "First of Azurite's three ports (blobs, queues, tables)",
        DefaultValueFactory = _ => new Local.LocalPorts().Storage,
    };

    public static Option<bool> Keep() => new("--keep")
    {
        Description = "Leave the system running; `./reid down` stops it",
    };
}
