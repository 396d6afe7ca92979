using System.CommandLine;
using ReidCloud.Cli;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Cli.Help;

/// <summary>What every command says of itself, as people have read and approved it.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. Of(ReidCommand.Create(new Shell(new Terminal(TextWriter.Null, TextWriter.Null))), "reid")];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Is_as_approved(string command)
    {
        var said = await CommandLine.RunAsync([.. command.Split(' ').Skip(1), "--help"]);

        Assert.Equal((0, ""), (said.ExitCode, said.Error));
        Assert.DoesNotContain('\e', said.Output);

        // Usage begins with the program's name, which here is that of the tests.
        Approved.Matches(command.Replace(' ', '.'), said.Output.Replace(RootCommand.ExecutableName, "reid", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Of(Command command, string path) => command.Subcommands.SelectMany(inner => Of(inner, $"{path} {inner.Name}")).Prepend(path);
}
