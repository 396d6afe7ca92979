using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid dataset derive SOURCE --name NAME`: another data set of the same files, without uploading them again.</summary>
internal static class DatasetDeriveCommand
{
    public static Command Create(Shell shell)
    {
        var source = new Argument<string>("source") { Description = "The data set whose files are meant" };
        var name = new Option<string>("--name") { Description = "The new data set's name in the system", Required = true };
        var layout = new Option<string?>("--layout") { Description = "How files are arranged in it. Default: as in the source" };
        var variant = new Option<string?>("--variant") { Description = "By which of the layout's protocols, where it has several. Default: its first" };
        var command = new Command("derive", "Make another data set of one's files, such as another variant, without uploading them again") { source, name, layout, variant, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var asked = new CommitRequest(parse.GetValue(layout)) { Variant = parse.GetValue(variant), From = parse.GetRequiredValue(source) };
            var dataset = await new DatasetPush(client, shell.Terminal).CommitAsync(parse.GetRequiredValue(name), asked, cancellationToken);
            return DatasetText.Show(shell, parse, dataset);
        });
        return command;
    }
}
