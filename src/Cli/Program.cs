namespace ReidCloud.Cli;

internal static class Program
{
    private static Task<int> Main(string[] arguments) => ReidCommand.RunAsync(arguments, new Terminal(Console.Out, Console.Error));
}
