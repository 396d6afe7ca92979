using System.CommandLine;
using ReidCloud.Cli.Progress;
using ReidCloud.Weights;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid weights export RUN|NAME --output FILE`: a state dict with VKD's names, for PyTorch or whatever reads safetensors.</summary>
internal static class WeightsExportCommand
{
    public static Command Create(Shell shell)
    {
        var source = new Argument<string>("source") { Description = "The id of a run that succeeded, or the name of pushed weights" };
        var output = new Option<string>("--output") { Description = $"The file to write. Its ending says the format: {string.Join(", ", StateDictFile.Endings)}", Required = true };
        var command = new Command("export", "Write a run's result, or pushed weights, as a state dict with VKD's names") { source, output };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var file = parse.GetRequiredValue(output);
            var count = await new WeightsExport(client, shell.Terminal).ExportAsync(parse.GetRequiredValue(source), file, cancellationToken);
            shell.Terminal.Out.WriteLine($"{file}: {count} tensors, {Words.Bytes(new FileInfo(file).Length)}");
            return ExitCode.Ok;
        });
        return command;
    }
}
