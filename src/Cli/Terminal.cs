using ReidCloud.Datasets;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli;

/// <summary>
/// Where a command writes: results to <see cref="Out"/>, which a pipe may read, and everything said meanwhile to <see cref="Err"/>. Colors
/// and bars only where there is a terminal to show them, and no colors when NO_COLOR is set. What others named is shown, and does nothing.
/// </summary>
internal sealed class Terminal
{
    /// <summary>A pipe breaks no lines.</summary>
    private const int WidthOfNoTerminal = 2000;

    public Terminal(TextWriter output, TextWriter error)
    {
        Output = output;
        Error = error;
        Out = Create(output);
        Err = Create(error);
    }

    public TextWriter Output { get; }
    public TextWriter Error { get; }
    public IAnsiConsole Out { get; }
    public IAnsiConsole Err { get; }

    /// <summary>Whether lines on the error side can be redrawn.</summary>
    public bool IsLive => Err.Profile.Out.IsTerminal && Err.Profile.Capabilities.Ansi;

    /// <summary>A line for people while something is going on.</summary>
    public void Say(string line) => Err.WriteLine(line);

    /// <summary>A line of a result as it is, however long.</summary>
    public void Print(string line) => Output.WriteLine(ForeignText.Printable(line));

    /// <summary>Lines as they are, however long, on the error side; without secrets that an exception may have quoted.</summary>
    public void Complain(string text) => Error.WriteLine(string.Join(Environment.NewLine, Redaction.Of(text).ReplaceLineEndings("\n").Split('\n').Select(ForeignText.Printable)));

    /// <summary>A result for machines: indented JSON in the system's dialect.</summary>
    public void WriteJson<T>(T value) => Output.WriteLine(System.Text.Json.JsonSerializer.Serialize(value, ReidJson.Indented));

    private static IAnsiConsole Create(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = WidthOfNoTerminal;
            console.Profile.Capabilities.Ansi = false;
        }

        console.Pipeline.Attach(new PrintableText());
        return console;
    }
}
