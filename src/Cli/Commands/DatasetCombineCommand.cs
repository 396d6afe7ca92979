using System.CommandLine;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid dataset combine A B … --name NAME`: the training splits of several data sets as one, without uploading anything.</summary>
internal static class DatasetCombineCommand
{
    public static Command Create(Shell shell)
    {
        var datasets = new Argument<string[]>("datasets")
        {
            Description = "The data sets whose training splits are meant, in the order of their labels",
            HelpName = "dataset…",
            Arity = ArgumentArity.OneOrMore,
        };
        var name = new Option<string>("--name") { Description = "The new data set's name in the system", Required = true };
        var test = new Option<string?>("--test")
        {
            Description = "The data set whose queries and gallery are measured on, one of these or another. Default: none; `evaluate RUN --dataset NAME` measures on any", HelpName = "dataset",
        };
        var command = new Command("combine", "Make a data set of the training splits of others, identities and cameras kept apart") { datasets, name, test, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var asked = new CommitRequest { Combine = new CombineRequest(parse.GetRequiredValue(datasets)) { Test = parse.GetValue(test) } };
            var dataset = await new DatasetPush(client, shell.Terminal).CommitAsync(parse.GetRequiredValue(name), asked, cancellationToken);
            return DatasetText.Show(shell, parse, dataset);
        });
        return command;
    }
}
