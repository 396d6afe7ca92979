using ReidCloud.Cli.Display;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Cli.Display;

public sealed class RunTextTests
{
    private static readonly RunId Id = RunId.Parse("00000000000000000001");
    private static readonly CheckpointRef Network = new(Id.ToString());

    [Fact]
    public void An_evaluation_is_as_far_as_its_items_are_embedded()
    {
        var run = View(new EvaluateSpec("mars", Network), new RunEvent(DateTimeOffset.UnixEpoch, RunEventKind.Evaluation)
        {
            Step = 30, Steps = 120, Message = "30 of 120 queries and gallery items are embedded",
        });

        Assert.Equal(0.25, RunText.Fraction(run));
        Assert.Equal("30 of 120 queries and gallery items are embedded", RunText.Detail(run, losses: true));
    }

    [Fact]
    public void A_training_is_as_far_as_its_epochs_also_while_it_is_measured()
    {
        var run = View(TinySpecs.Teacher, new RunEvent(DateTimeOffset.UnixEpoch, RunEventKind.Evaluation) { Step = 30, Steps = 120, Epoch = 1, Message = "30 of 120" });

        Assert.Null(RunText.Fraction(run));
        Assert.Equal("evaluating", RunText.Detail(run, losses: true));
        Assert.Equal(0.5, RunText.Fraction(View(TinySpecs.Teacher, new RunEvent(DateTimeOffset.UnixEpoch, RunEventKind.Step) { Epoch = 1, Epochs = 3, Step = 2, Steps = 4 })));
    }

    [Fact]
    public void What_told_nothing_yet_has_no_end_in_sight()
    {
        Assert.Null(RunText.Fraction(View(new ExplainSpec("mars", Network), null)));
        Assert.Equal("export 00000000000000000001", RunText.Job(new ExportSpec("mars", Network)));
        Assert.Equal("explain 00000000000000000001 against vkd", RunText.Job(new ExplainSpec("mars", Network) { Against = CheckpointRef.Pushed("vkd") }));
    }

    [Fact]
    public void Where_in_the_program_it_was_is_told_of_its_own_faults_only()
    {
        var mistake = new SpecException("$.galleryFrames[0]", "must be at most 8");
        var fault = new InvalidOperationException("no such tensor");

        Assert.Equal(mistake.Message, RunText.Why(new RunFailure(FailureCause.Fault, mistake.Message, mistake.ToString())));
        Assert.Contains("detail", RunText.Why(new RunFailure(FailureCause.Fault, "the run before failed", "its detail")));
        Assert.Contains(fault.ToString(), RunText.Why(new RunFailure(FailureCause.Fault, "InvalidOperationException: no such tensor (most likely a fault of this program)", fault.ToString())));
    }

    private static RunView View(RunSpec spec, RunEvent? told) =>
        new(Id, spec, new RunStatus(RunState.Running, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch) { Progress = told }, new RunLinks("self", "events"));
}
