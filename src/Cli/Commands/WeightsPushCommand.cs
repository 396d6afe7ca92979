using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid weights push FILE`: looked at here before it is sent, looked at again there before it counts.</summary>
internal static class WeightsPushCommand
{
    public static Command Create(Shell shell)
    {
        var file = new Argument<string>("file") { Description = "A state dict as .safetensors or as torch.save writes it: ImageNet's from torchvision, IBN-Net or torchreid, checkpoints of VKD's, AlignedReID's or the strong baseline's program, others with their names" };
        var name = new Option<string?>("--name") { Description = "Their name in the system; they never change under it. Default: made of the file's name, and of its run's where VKD's programs left it" };
        var backbone = Arguments.Backbone("Which network they must be. Default: recognised");
        var parameters = new Option<string?>("--hparams") { Description = "VKD's hparams.json. Default: the one beside the file or in ../params, where there is one" };
        var command = new Command("push", "Upload weights, find out which network they are, and keep them under a name") { file, name, backbone, parameters, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var weights = await new WeightsPush(client, shell.Terminal).PushAsync(
                parse.GetRequiredValue(file), parse.GetValue(name), parse.GetValue(backbone), parse.GetValue(parameters), cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(weights);
            }
            else
            {
                WeightsText.Write(shell.Terminal.Out, weights);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
