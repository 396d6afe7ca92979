using System.CommandLine;
using ReidCloud.Cli.Completion;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid completion bash|zsh|fish`: a script that completes commands, options and what they take.</summary>
internal static class CompletionCommand
{
    public static Command Create(Shell shell)
    {
        var name = new Argument<string>("shell") { Description = "Which shell the script is for" };
        name.AcceptOnlyFromAmong([.. CompletionScript.Names]);
        var command = new Command("completion", "Print a script that completes commands, options, presets and other names on Tab: source <(./reid completion bash)") { name };
        command.SetAction(parse =>
        {
            var table = LauncherWords.AddedTo(CompletionWords.Of((RootCommand)parse.RootCommandResult.Command));
            shell.Terminal.Output.Write(CompletionScript.Of(parse.GetRequiredValue(name), table));
            return ExitCode.Ok;
        });
        return command;
    }
}
