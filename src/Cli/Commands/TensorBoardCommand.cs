using System.CommandLine;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;
using ReidCloud.Reports.TensorBoard;
using ReidCloud.Runs;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid tensorboard RUN… --output DIR`: the curves of runs, also of those that are not done yet, as TensorBoard reads them.</summary>
internal static class TensorBoardCommand
{
    public static Command Create(Shell shell)
    {
        var runs = Arguments.Runs("The runs whose curves are wanted, by their ids", fewest: 1);
        var output = new Option<string>("--output", "-o")
        {
            Description = "The folder to write into, which is made where it is missing. Each run gets a folder of its own there; what an earlier call wrote is replaced",
            HelpName = "folder",
            DefaultValueFactory = _ => "tensorboard",
        };
        var command = new Command("tensorboard", "Write the curves of runs for TensorBoard; call it again to bring those of a running one up to date") { runs, output, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var folder = Path.GetFullPath(parse.GetValue(output)!);
            var written = new List<TensorBoardFile>();
            foreach (var run in parse.GetRequiredValue(runs))
            {
                var view = await client.RunAsync(run, cancellationToken);
                using var file = new MemoryStream();
                if (!RunCurves.Write(file, view.Spec, await client.AllEventsAsync(run, cancellationToken)))
                {
                    throw CommandException.Mistake(
                        $"run {run} has no figures to draw yet", view.Status.IsFinal ? "only training and evaluation make some" : $"`./reid watch {run}` follows it; then type this again");
                }

                var path = Path.Combine(folder, run.ToString(), RunFileName.TensorBoard);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, file.ToArray(), cancellationToken);
                written.Add(new TensorBoardFile(run, path, file.Length));
            }

            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(written);
                return ExitCode.Ok;
            }

            foreach (var file in written)
            {
                shell.Terminal.Out.WriteLine($"{file.Path}: {Words.Bytes(file.Length)}");
            }

            shell.Terminal.Say($"To look at them: tensorboard --logdir {folder}");
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>For scripts.</summary>
    private sealed record TensorBoardFile(RunId Run, string Path, long Length);
}
