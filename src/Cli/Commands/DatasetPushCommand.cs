using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid dataset push PATH --name NAME`: a .zip as it is, a .tar.gz, a folder or CUHK03's cuhk-03.mat zipped on the way.</summary>
internal static class DatasetPushCommand
{
    public static Command Create(Shell shell)
    {
        var path = new Argument<string>("path") { Description = "A .zip, .tar, .tar.gz or .tgz, CUHK03's cuhk-03.mat, or a folder of files or of such archives; all but a .zip is zipped on the way" };
        var name = new Option<string>("--name") { Description = "The data set's name in the system", Required = true };
        var layout = new Option<string?>("--layout") { Description = "How files are arranged in it. Default: recognised" };
        var variant = new Option<string?>("--variant") { Description = "By which of the layout's protocols, where it has several. Default: its first" };
        var command = new Command("push", "Upload an archive or a folder and make a data set of it") { path, name, layout, variant, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var dataset = await new DatasetPush(client, shell.Terminal).PushAsync(
                parse.GetRequiredValue(path), parse.GetRequiredValue(name), parse.GetValue(layout), parse.GetValue(variant), cancellationToken);
            return DatasetText.Show(shell, parse, dataset);
        });
        return command;
    }
}
