using System.CommandLine;
using ReidCloud.Cli.Offline;
using ReidCloud.Cli.Progress;
using ReidCloud.GpuRunner;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid embed --weights FILE --images FOLDER --output FILE`: images in, embeddings out, on this machine and without any service.</summary>
internal static class EmbedCommand
{
    public static Command Create(Shell shell)
    {
        var weights = new Option<string>("--weights") { HelpName = "file", Description = "The network: a run's checkpoint, or weights as .safetensors or torch.save's", Required = true };
        var images = new Option<string[]>("--images")
        {
            HelpName = "path…",
            Description = "Folders, .zip files and images; in the order of their names they become rows",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var output = new Option<string>("--output", "-o")
        {
            HelpName = "file",
            Description = $"The file to write; its ending says the format: {string.Join(", ", EmbeddingFile.Endings)}. But for a table, the rows' names go beside it, to FILE.names.csv",
            Required = true,
        };
        var input = Arguments.Input("Height and width of what the network sees, or all of a request's input as JSON. Default: as in its training, which only a run's checkpoint tells");
        var letterbox = new Option<bool>("--letterbox") { Description = "Keep the images' aspect ratio and pad with black, as a training with input.fit=letterbox did" };
        var backbone = Arguments.Backbone("Which network the weights must be. Default: recognised");
        var device = Arguments.Device();
        var command = new Command("embed", "Turn images into embeddings, on this machine and without any service") { weights, images, output, input, letterbox, backbone, device, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var file = parse.GetRequiredValue(output);
            EmbeddingFile.EndingOf(file);
            Arguments.RequireWritable(file);
            using var opened = ImageFiles.Open(parse.GetRequiredValue(images));
            if (opened.Others > 0)
            {
                shell.Terminal.Say($"{opened.Others} files that are no images are left out.");
            }

            using var network = NetworkFile.Load(parse.GetRequiredValue(weights), parse.GetValue(backbone), shell.Terminal.Say);
            if (network.Head?.Spec.CameraBatchNorm is not null)
            {
                shell.Terminal.Say("The network was trained with cameraBatchNorm, so its batch-norm statistics are a mixture of cameras, and these embeddings with them; "
                    + "`./reid evaluate RUN --by-camera` embeds with those of each camera.");
            }

            var sees = Seen(parse.GetValue(input), network.Input) ?? throw CommandException.Mistake(
                $"'{parse.GetRequiredValue(weights)}' does not say what the network sees", "--input says it, for example --input 256x128 as is usual for persons");
            sees = parse.GetValue(letterbox) ? sees with { Fit = ResizeFit.Letterbox } : sees;
            TensorFloat32.Allow(false);
            var embedded = await LocalEmbedding.EmbedAsync(network, sees, opened, Devices.Choose(parse.GetRequiredValue(device)), shell.Terminal, cancellationToken);
            EmbeddingFile.Write(file, embedded.Checked(file));
            var result = new Embedded(file, embedded.Names.Count, embedded.Dimensions, sees);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(result);
            }
            else
            {
                shell.Terminal.Out.WriteLine($"{file}: {result.Images} embeddings of {result.Dimensions} numbers, {Words.Bytes(new FileInfo(file).Length)}");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Where no more than a size is given, the rest stays as it was in training.</summary>
    private static InputSpec? Seen(InputSpec? given, InputSpec? trained) =>
        given is null ? trained : trained is null || given != new InputSpec(given.Height, given.Width) ? given : trained with { Height = given.Height, Width = given.Width };

    private sealed record Embedded(string File, int Images, int Dimensions, InputSpec Input);
}
