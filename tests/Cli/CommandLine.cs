using ReidCloud.Cli;

namespace ReidCloud.Tests.Cli;

/// <summary>Runs the `reid` command in this process and keeps what it said.</summary>
internal sealed record CommandLine(int ExitCode, string Output, string Error)
{
    public static async Task<CommandLine> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await ReidCommand.RunAsync(arguments, new Terminal(output, error));
        return new CommandLine(exitCode, output.ToString(), error.ToString());
    }
}
