using ReidCloud.Cli.Display;
using Spectre.Console;

namespace ReidCloud.Tests.Cli.Display;

public sealed class WideTableTests
{
    private const string Long = "a name that is longer than all that there is room for";

    [Fact]
    public void What_finds_no_room_follows_below_behind_the_first_columns_again()
    {
        var text = Text(25, Table("x", "1", "22", "333"));

        Assert.Equal(
            """
            ╭─────┬───────┬───────╮
            │ key │ first │ other │
            ├─────┼───────┼───────┤
            │ x   │ 1     │ 22    │
            ╰─────┴───────┴───────╯
            ╭─────┬──────╮
            │ key │ last │
            ├─────┼──────┤
            │ x   │ 333  │
            ╰─────┴──────╯

            """,
            text);
    }

    [Theory]
    [InlineData(21, 3)]
    [InlineData(22, 2)]
    [InlineData(29, 2)]
    [InlineData(30, 1)]
    public void A_table_is_as_wide_as_the_terminal_and_no_wider(int width, int tables)
    {
        var text = Text(width, Table("x", "1", "22", "333"));

        Assert.Equal(tables, text.Count(letter => letter == '╭'));
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void Nothing_is_cut_off_and_marks_are_letters()
    {
        var text = Text(20, Table("[red]x", Long, "22", "333"));

        Assert.All(Long.Split(' '), word => Assert.Contains(word, text, StringComparison.Ordinal));
        Assert.Contains("[red]x", text, StringComparison.Ordinal);
        Assert.DoesNotContain("…", text, StringComparison.Ordinal);
    }

    private static WideTable Table(params string[] row)
    {
        var table = new WideTable(1, ["key", "first", "other", "last"]);
        table.AddRow(row);
        return table;
    }

    private static string Text(int width, WideTable table)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;
        console.Write(table);
        return output.ToString().ReplaceLineEndings("\n");
    }
}
