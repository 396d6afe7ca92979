using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>What became of a run to which something happened.</summary>
/// <param name="Interrupted">Its status when that was over and before anybody took the run again.</param>
/// <param name="End">Its status at the end of the story.</param>
/// <param name="Events">All that it told.</param>
internal sealed record PromiseStory(RunSpec Spec, RunStatus Interrupted, RunStatus End, IReadOnlyList<RunEvent> Events)
{
    /// <summary>A person asked to try it again.</summary>
    public bool AskedAgain { get; init; }

    /// <summary>A sweep, or who ended the run, sent for a runner although it was over.</summary>
    public bool NudgedWhenOver { get; init; }

    /// <summary>Whether a checkpoint fell due before it was interrupted.</summary>
    public bool HasPeriodicCheckpoints => Spec is TrainSpec train && Interrupted.Checkpoint?.Epoch >= train.Checkpoints.EveryEpochs;

    /// <summary>All that a reader of the run's page and events sees, before and after.</summary>
    public string Shown => string.Join('\n', [.. new[] { Interrupted, End }.Select(status => Text(status)), .. Events.Select(happened => Text(happened))]);

    private static string Text<T>(T value) => System.Text.Encoding.UTF8.GetString(ReidJson.Write(value));
}
