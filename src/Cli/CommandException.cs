namespace ReidCloud.Cli;

/// <summary>Ends a command with a message for the person at the keyboard: what is wrong, and what to type next.</summary>
internal sealed class CommandException(int exitCode, string message, string? remedy = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
    public string? Remedy { get; } = remedy;

    public static CommandException Mistake(string message, string? remedy = null) => new(Cli.ExitCode.Mistake, message, remedy);

    public static CommandException Fault(string message, string? remedy = null) => new(Cli.ExitCode.Fault, message, remedy);
}
