using System.CommandLine;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid weights …`: networks that were trained elsewhere, and results to take elsewhere.</summary>
internal static class WeightsCommand
{
    public static Command Create(Shell shell) => new("weights", "Push, list, show and export weights of networks")
    {
        WeightsPushCommand.Create(shell),
        WeightsListCommand.Create(shell),
        WeightsShowCommand.Create(shell),
        WeightsExportCommand.Create(shell),
    };
}
