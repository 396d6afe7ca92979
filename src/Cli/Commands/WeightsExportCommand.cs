using System.CommandLine;
using ReidCloud.Cli.Progress;
using ReidCloud.Specs;
using ReidCloud.Weights;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid weights export RUN|weights:NAME -o FILE`: a state dict, for PyTorch or whatever reads safetensors.</summary>
internal static class WeightsExportCommand
{
    public static Command Create(Shell shell)
    {
        var checkpoint = new Argument<CheckpointRef>("network")
        {
            Description = "The id of a run that succeeded, or weights:NAME of weights that were pushed",
            CustomParser = Arguments.ParseCheckpoint,
        };
        var output = new Option<string>("--output", "-o") { HelpName = "file", Description = $"The file to write. Its ending says the format: {string.Join(", ", StateDictFile.Endings)}", Required = true };
        var command = new Command("export", "Write a run's result, or pushed weights, as a state dict under the names of the program that computes the same network: AlignedReID's, the strong baseline's, torchreid's, else VKD's") { checkpoint, output, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var file = parse.GetRequiredValue(output);
            var count = await new WeightsExport(client, shell.Terminal).ExportAsync(parse.GetRequiredValue(checkpoint), file, cancellationToken);
            var length = new FileInfo(file).Length;
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(new Exported(file, count, length));
            }
            else
            {
                shell.Terminal.Out.WriteLine($"{file}: {count} tensors, {Words.Bytes(length)}");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private sealed record Exported(string File, int Tensors, long Length);
}
