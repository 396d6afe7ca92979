using System.CommandLine;
using ReidCloud.Cli.Progress;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid explain NETWORK`: pictures of where a trained network looks, alone or beside another.</summary>
internal static class ExplainCommand
{
    public static Command Create(Shell shell)
    {
        var network = new NetworkOptions("--set input.fit=letterbox");
        var images = new Option<int?>("--images") { Description = "How many images, taken evenly from the gallery's. Default: 16" };
        var save = new Option<string?>("--save") { Description = "Follow the run, then copy the pictures into this folder", HelpName = "folder" };
        var command = new Command("explain", "Draw where a trained network looks (Grad-CAM), on images of a gallery");
        network.AddTo(command);
        command.Add(images);
        command.Add(save);
        command.Add(shell.Json);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var (dataset, _) = await network.FindAsync(parse, client, cancellationToken);
            var request = new ExplainSpec(dataset, network.Network(parse)) { Against = network.Against(parse), Input = network.Input(parse) };
            var edited = network.Edited(parse, parse.GetValue(images) is { } count ? request with { Images = count } : request);
            var folder = parse.GetValue(save);
            var exitCode = await Submission.SendAsync(
                shell, client, edited, parse.GetValue(network.Priority), parse.GetValue(network.Watch) || folder is not null, parse.GetValue(shell.Json), cancellationToken);
            if (folder is not null)
            {
                var run = RunId.Of(edited);
                var files = await new ReportSave(client, shell.Terminal).SaveAsync(run, await client.ReportAsync(run, cancellationToken), folder, cancellationToken);
                shell.Terminal.Say($"{files} files are in {Path.GetFullPath(folder)}.");
            }

            return exitCode;
        });
        return command;
    }
}
