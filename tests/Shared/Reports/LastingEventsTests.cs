using ReidCloud.Reports;

namespace ReidCloud.Tests.Shared.Reports;

public sealed class LastingEventsTests
{
    [Fact]
    public void An_undisturbed_run_keeps_all_its_figures()
    {
        RunEvent[] events = [Of(RunEventKind.Claimed), Step(0, 1), Epoch(1), Figures(1), Of(RunEventKind.Checkpoint, 1, 0), Epoch(2), Figures(2), Of(RunEventKind.Finished)];

        Assert.Equal([Step(0, 1), Epoch(1), Figures(1), Epoch(2), Figures(2)], LastingEvents.Of(events));
    }

    [Fact]
    public void What_a_later_attempt_did_again_counts_once()
    {
        RunEvent[] events =
        [
            Of(RunEventKind.Claimed), Step(0, 1), Step(0, 2), Epoch(1), Of(RunEventKind.Checkpoint, 1, 0), Step(1, 1, 7), Step(1, 2, 7),
            Of(RunEventKind.Claimed), Of(RunEventKind.Note), Of(RunEventKind.Resumed, 1, 0), Step(1, 1), Step(1, 2), Epoch(2),
        ];

        Assert.Equal([Step(0, 1), Step(0, 2), Epoch(1), Step(1, 1), Step(1, 2), Epoch(2)], LastingEvents.Of(events));
    }

    [Fact]
    public void An_attempt_that_went_on_within_an_epoch_keeps_the_steps_before()
    {
        RunEvent[] events = [Of(RunEventKind.Claimed), Step(0, 1), Step(0, 2), Step(0, 3), Of(RunEventKind.Claimed), Of(RunEventKind.Resumed, 0, 2), Step(0, 3, 9)];

        Assert.Equal([Step(0, 1), Step(0, 2), Step(0, 3, 9)], LastingEvents.Of(events));
    }

    [Fact]
    public void An_attempt_without_a_checkpoint_begins_anew()
    {
        RunEvent[] events = [Of(RunEventKind.Claimed), Step(0, 1), Epoch(1), Of(RunEventKind.Claimed), Step(0, 2)];

        Assert.Equal([Step(0, 2)], LastingEvents.Of(events));
    }

    [Fact]
    public void An_epoch_is_measured_once()
    {
        RunEvent[] events = [Of(RunEventKind.Claimed), Epoch(1), Figures(1, 4), Of(RunEventKind.Claimed), Of(RunEventKind.Resumed, 1, 0), Figures(1, 5)];

        Assert.Equal([Epoch(1), Figures(1, 5)], LastingEvents.Of(events));
    }

    private static readonly Dictionary<double, Dictionary<string, double>> Values = [];

    private static RunEvent Step(int epoch, int step, double loss = 1) => Of(RunEventKind.Step, epoch, step, loss);

    private static RunEvent Epoch(int finished) => Of(RunEventKind.Epoch, finished, 0, 1);

    private static RunEvent Figures(int epoch, double value = 1) => Of(RunEventKind.Evaluation, epoch, null, value);

    private static RunEvent Of(RunEventKind kind, int? epoch = null, int? step = null, double? value = null) =>
        new(default, kind) { Epoch = epoch, Step = step, Values = value is { } given ? Shared(given) : null };

    /// <summary>Records are equal when their dictionaries are the same one.</summary>
    private static Dictionary<string, double> Shared(double value)
    {
        lock (Values)
        {
            return Values.TryGetValue(value, out var known) ? known : Values[value] = new Dictionary<string, double> { ["total"] = value };
        }
    }
}
