using System.CommandLine;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid dataset …`: what the runs learn from.</summary>
internal static class DatasetCommand
{
    public static Command Create(Shell shell) => new("dataset", "Push, derive, combine, pack, list and show data sets")
    {
        DatasetPushCommand.Create(shell),
        DatasetDeriveCommand.Create(shell),
        DatasetCombineCommand.Create(shell),
        DatasetPackCommand.Create(shell),
        DatasetListCommand.Create(shell),
        DatasetShowCommand.Create(shell),
    };
}
