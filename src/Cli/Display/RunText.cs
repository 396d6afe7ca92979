using System.Globalization;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Display;

/// <summary>Runs in words: one vocabulary for `watch`, `runs` and `demo`.</summary>
internal static class RunText
{
    private const string Total = "total";
    private const string ImagesPerSecond = "imagesPerSecond";
    private const string SecondsRemaining = "secondsRemaining";
    private const string LearningRate = "learningRate";
    private const string ShortTotal = "loss";

    /// <summary>Names of event values that are no loss.</summary>
    private static readonly HashSet<string> NoLoss = [Total, ImagesPerSecond, SecondsRemaining, LearningRate];

    public static string State(RunView run) => NameConverterFactory.NameOf(run.Status.State) +
        (run.CancelRequested && !run.Status.IsFinal ? ", stopping" : "");

    /// <summary>`view-distillation of resnet18`, `evaluate 0123…`.</summary>
    public static string Job(RunSpec spec) => spec switch
    {
        TrainSpec train => $"{SpecKinds.NameOf(train.Method)}, {NameConverterFactory.NameOf(train.Model.Backbone)}",
        EvaluateSpec evaluate => $"evaluate {Named(evaluate.Checkpoint)}{Beside(evaluate.Against)}",
        ExplainSpec explain => $"explain {Named(explain.Checkpoint)}{Beside(explain.Against)}",
        ExportSpec export => $"export {Named(export.Checkpoint)}",
        _ => spec.GetType().Name,
    };

    /// <summary>A network by the id of its run or the name of its weights.</summary>
    public static string Named(CheckpointRef checkpoint) => checkpoint switch
    {
        { Run: null } => checkpoint.Weights!,
        { Peer: { } peer } => $"{checkpoint.Run}, {RetrievalTitle.OfPeer(peer)}",
        _ => checkpoint.Run,
    };

    private static string Beside(CheckpointRef? against) => against is null ? "" : $" against {Named(against)}";

    /// <summary>How much of it is done, between 0 and 1; null where nothing was told yet.</summary>
    public static double? Fraction(RunView run)
    {
        if (run.Status.State == RunState.Succeeded)
        {
            return 1;
        }

        var told = run.Status.Progress;
        double? within = told is { Step: { } step, Steps: > 0 and { } steps } ? (double)step / steps : null;
        return (run.Spec, told) switch
        {
            (TrainSpec, { Epochs: > 0 and { } epochs }) => Math.Clamp(((told.Epoch ?? 0) + (within ?? 0)) / epochs, 0, 1),
            (TrainSpec, _) => null,
            _ => within,
        };
    }

    public static TimeSpan? Remaining(RunView run) =>
        run.Status is { State: RunState.Running, Progress: { } told } && Value(told, SecondsRemaining) is { } seconds && seconds >= 0
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>What the run is at: state, epoch, losses, images per second. Null `losses` leaves them all but the total out.</summary>
    public static string Detail(RunView run, bool losses)
    {
        var parts = new List<string>();
        var told = run.Status.Progress;
        if (run.Status.State != RunState.Running || told is null)
        {
            parts.Add(run.Status.Failure is { } why ? $"{State(run)} ({Cause(run.Status, why)})" : State(run));
        }

        if (told is { Epochs: { } epochs })
        {
            parts.Add($"epoch {Math.Min((told.Epoch ?? 0) + (run.Status.IsFinal || told.Kind == RunEventKind.Epoch ? 0 : 1), epochs)}/{epochs}");
        }

        if (told is not null && !run.Status.IsFinal)
        {
            if (Value(told, Total) is { } total)
            {
                parts.Add($"{ShortTotal} {Words.Number(total)}");
            }

            if (losses)
            {
                parts.AddRange((told.Values ?? new Dictionary<string, double>())
                    .Where(value => !NoLoss.Contains(value.Key) && !value.Key.Contains('/', StringComparison.Ordinal))
                    .Select(value => $"{value.Key} {Words.Number(value.Value)}"));
            }

            if (Value(told, ImagesPerSecond) is { } rate)
            {
                parts.Add($"{Words.Number(rate)} images/s");
            }

            if (told.Kind is RunEventKind.Evaluation)
            {
                parts.Add(run.Spec is TrainSpec ? "evaluating" : told.Message ?? "measured");
            }
        }

        if (run.CancelRequested && !run.Status.IsFinal)
        {
            parts.Add("stopping");
        }

        if (run.Status.Failure is { } failure)
        {
            parts.Add(failure.Message);
        }

        return string.Join(", ", parts);
    }

    /// <summary>`diverged, 3 attempts`.</summary>
    public static string Cause(RunStatus status, RunFailure failure) =>
        NameConverterFactory.NameOf(failure.Cause) + (status.Attempt > 1 ? $", {status.Attempt.ToString(CultureInfo.InvariantCulture)} attempts" : "");

    /// <summary>A detail that repeats the message adds only the place in the program, which helps nobody to mend what is theirs.</summary>
    public static string Why(RunFailure failure) =>
        failure.Detail.Contains(failure.Message, StringComparison.Ordinal) ? failure.Message : $"{failure.Message}{Environment.NewLine}{failure.Detail}";

    private static double? Value(RunEvent told, string name) =>
        told.Values is { } values && values.TryGetValue(name, out var value) ? value : null;
}
