using System.CommandLine;
using ReidCloud.Cli.Local;
using ReidCloud.Cli.Progress;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid export NETWORK`: a trained network as ONNX, checked in ONNX Runtime, with a model card.</summary>
internal static class ExportCommand
{
    public static Command Create(Shell shell)
    {
        var network = new NetworkOptions("--set input.fit=letterbox");
        var fold = new Option<bool>("--fold") { Description = "Make batch norms part of the weights before them: fewer operators, the same embeddings but for rounding" };
        var save = new Option<string?>("--save") { Description = "Follow the run, then copy model and card into this folder", HelpName = "folder" };
        var command = new Command(
            "export", "Write a trained network as ONNX, from images to embeddings, with a model card. It is compared with the network in ONNX Runtime before anyone gets it");
        network.AddTo(command, alone: true);
        command.Add(fold);
        command.Add(save);
        command.Add(shell.Json);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            if (client.Address.IsLoopback)
            {
                // The system on this machine finds it there; another brings its own.
                await NodeInstallation.OnnxRuntime(Workplace.Find()).EnsureAsync(shell.Terminal, cancellationToken);
            }

            var (dataset, _) = await network.FindAsync(parse, client, cancellationToken);
            var request = network.Edited(
                parse, new ExportSpec(dataset, network.Network(parse)) { Input = network.Input(parse), FoldBatchNorm = parse.GetValue(fold) });
            var folder = parse.GetValue(save);
            var exitCode = await Submission.SendAsync(
                shell, client, request, parse.GetValue(network.Priority), parse.GetValue(network.Watch) || folder is not null, parse.GetValue(shell.Json), cancellationToken);
            if (folder is not null && exitCode == ExitCode.Ok)
            {
                var run = RunId.Of(request);
                var files = await new ReportSave(client, shell.Terminal).SaveAsync(run, await client.ReportAsync(run, cancellationToken), folder, cancellationToken);
                shell.Terminal.Say($"{files} files are in {Path.GetFullPath(folder)}: model.onnx, and model-card.md, which says how to use it.");
            }

            return exitCode;
        });
        return command;
    }
}
