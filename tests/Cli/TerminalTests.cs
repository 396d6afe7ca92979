using ReidCloud.Cli;
using Spectre.Console;

namespace ReidCloud.Tests.Cli;

/// <summary>What others named (identities, files, messages) must not act in the terminal of who looks at it.</summary>
public sealed class TerminalTests
{
    private const string Hostile = "\e[2J\e]0;title\a[red]x[/] \u202Eevil\u2066 \u009B31m";

    [Fact]
    public void Text_of_others_is_shown_and_does_nothing()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error);

        terminal.Out.Write(new Table().AddColumn("name").AddRow(new Text(Hostile)));
        terminal.Out.WriteLine($"state: {Hostile}", new Style(Color.Red));
        terminal.Say(Hostile);
        terminal.Complain($"reid: {Hostile}\nsecond line");
        terminal.WriteJson(new { name = Hostile });

        foreach (var shown in new[] { output.ToString(), error.ToString() })
        {
            Assert.DoesNotContain(shown, letter => letter is '\e' or '\a' or '\u202E' or '\u2066' or '\u009B');
            Assert.Contains("[red]x[/]", shown, StringComparison.Ordinal);
        }

        Assert.Contains("second line", error.ToString().Split(Environment.NewLine));
    }
}
