using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Models;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

public sealed class TrainerTests : TorchTests
{
    private const int Steps = 3;

    public static TheoryData<int> Cases => TrainingCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run_stopped_between_and_inside_epochs_and_resumed_ends_with_the_same_bytes(int index) => StopAndResume(TrainingCases.Spec(index));

    /// <summary>Trains at once, and in three parts.</summary>
    internal static void StopAndResume(TrainSpec spec)
    {
        using var straight = new MemoryContext();
        Train(spec, straight);

        using var between = new MemoryContext();
        Assert.Throws<OperationCanceledException>(() => Train(spec, between, stopAfter: Steps));
        using var inside = new MemoryContext();
        Assert.Throws<OperationCanceledException>(() => Train(spec, inside, checkpoint: Last(between, epoch: 1, step: 0), stopAfter: 2));
        using var resumed = new MemoryContext();
        var result = Train(spec, resumed, checkpoint: Last(inside, epoch: 1, step: 2));

        Assert.Equal(straight.Checkpoints[^1].Content, resumed.Checkpoints[^1].Content);
        Assert.Equal([1, 2], result.Losses.Select(epoch => epoch.Epoch));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Three_steps_lower_the_loss(int index)
    {
        var spec = TrainingCases.Spec(index) with { Epochs = 4, Schedule = new ConstantSpec() };
        using var context = new MemoryContext();

        var result = Train(spec, context, steps: 1, isAlwaysTheSame: true);

        Assert.True(
            result.Losses[3].Losses["total"] < result.Losses[0].Losses["total"],
            string.Join(", ", result.Losses.Select(epoch => epoch.Losses["total"])));
    }

    [Fact]
    public void Checkpoints_and_evaluations_come_when_the_spec_says_and_one_checkpoint_always_at_the_end()
    {
        var spec = TrainingCases.Spec(0) with { Epochs = 6, Checkpoints = new CheckpointSpec(2), Evaluation = new EvaluationSpec { EveryEpochs = 3 } };
        using var context = new MemoryContext();
        var evaluated = 0;

        var result = Train(spec, context, steps: 1, evaluate: model =>
        {
            Assert.False(model.training);
            return [new SettingMetrics(RetrievalSetting.ImageToVideo, 1, 1, 1, 0, 0, 0, 0, ++evaluated / 4.0, 0)];
        });

        // What was measured is kept, with its score.
        Assert.Equal([(2, 0), (3, 0), (4, 0), (6, 0)], context.Checkpoints.Select(checkpoint => (checkpoint.Epoch, checkpoint.Step)));
        Assert.Equal([null, 0.25, null, null], context.Scores);
        Assert.Equal([3], result.Evaluations.Select(evaluation => evaluation.Epoch));
        Assert.Equal(1, evaluated);
        Assert.Equal(6, context.Events.Count(happened => happened.Kind == RunEventKind.Epoch));
    }

    [Fact]
    public void A_run_stopped_while_it_is_measured_keeps_the_epoch_and_measures_first_when_it_goes_on()
    {
        var spec = TrainingCases.Spec(0) with { Checkpoints = new CheckpointSpec(50), Evaluation = new EvaluationSpec { EveryEpochs = 1 } };
        using var straight = new MemoryContext();
        Train(spec, straight);
        using var stopped = new MemoryContext();

        Assert.Throws<OperationCanceledException>(() => Train(spec, stopped, evaluate: _ => throw new OperationCanceledException()));
        using var resumed = new MemoryContext();
        var result = Train(spec, resumed, checkpoint: Last(stopped, epoch: 0, step: Steps), evaluate: _ =>
        {
            Assert.DoesNotContain(resumed.Events, happened => happened.Kind == RunEventKind.Step);
            return [];
        });

        Assert.Equal(straight.Checkpoints[^1].Content, resumed.Checkpoints[^1].Content);
        Assert.Equal([1], result.Evaluations.Select(evaluation => evaluation.Epoch));
        Assert.Equal([1, 2], result.Losses.Select(epoch => epoch.Epoch));
    }

    [Fact]
    public void Events_tell_each_loss_the_rate_and_the_time_left()
    {
        using var context = new MemoryContext();

        Train(TrainingCases.Spec(1), context);

        var last = context.Events.Last(happened => happened.Kind == RunEventKind.Epoch);
        Assert.Equal(
            ["cross-entropy", "distance-preservation", "imagesPerSecond", "learningRate", "logit-distillation", "secondsRemaining", "total", "triplet"],
            last.Values!.Keys.Order());
        Assert.Equal((2, 2, 0, Steps), (last.Epoch, last.Epochs, last.Step, last.Steps));
        Assert.Equal(1e-4, last.Values["learningRate"], 1e-12);
        Assert.Equal(0, last.Values["secondsRemaining"]);
        Assert.True(last.Values["imagesPerSecond"] > 0);
    }

    [Fact]
    public void A_stop_where_a_checkpoint_was_just_kept_keeps_no_second_one()
    {
        using var context = new MemoryContext();

        Assert.Throws<OperationCanceledException>(() => Train(TrainingCases.Spec(0), context, stopAfter: Steps));

        Assert.Equal([(1, 0)], context.Checkpoints.Select(checkpoint => (checkpoint.Epoch, checkpoint.Step)));
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_the_run_and_is_not_kept()
    {
        var spec = TrainingCases.Spec(0) with { Optimizer = new SgdSpec(1e30) };
        using var context = new MemoryContext();

        var thrown = Assert.Throws<TrainingDivergedException>(() => Train(spec, context));

        Assert.Contains("$.optimizer.learningRate", thrown.Message);
        Assert.Empty(context.Checkpoints);
    }

    /// <summary>Losses are read when the next step has been queued; what they say is of the step they were made in, and nothing that comes after it is kept.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    public void A_step_that_broke_is_named_and_nothing_of_it_is_kept(int epoch, int step)
    {
        var spec = TrainingCases.Spec(0) with { Checkpoints = new CheckpointSpec(1), Evaluation = new EvaluationSpec { EveryEpochs = 1 } };
        using var context = new MemoryContext();
        var evaluated = 0;

        var thrown = Assert.Throws<TrainingDivergedException>(() => Train(spec, context, broken: (epoch, step), evaluate: _ =>
        {
            evaluated++;
            return [];
        }));

        Assert.Contains($"in epoch {epoch + 1}, step {step + 1}, at a learning rate of {(epoch == 0 ? "0.001" : "0.0001")}", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(epoch, context.Checkpoints.Count);
        Assert.Equal(epoch, evaluated);
        Assert.Equal(epoch, context.Events.Count(happened => happened.Kind == RunEventKind.Epoch));
    }

    [Fact]
    public void A_stop_behind_a_step_that_broke_keeps_nothing()
    {
        using var context = new MemoryContext();

        Assert.Throws<TrainingDivergedException>(() => Train(TrainingCases.Spec(0), context, stopAfter: 2, broken: (0, 1)));

        Assert.Empty(context.Checkpoints);
    }

    [Fact]
    public void Shortened_products_are_allowed_while_networks_learn_and_not_while_they_are_measured()
    {
        var spec = TrainingCases.Spec(0) with { Precision = Precision.TensorFloat32, Evaluation = new EvaluationSpec { EveryEpochs = 1 } };
        using var context = new MemoryContext();
        using var method = TrainingCases.Method(spec);
        var seen = new List<bool>();
        using var batches = new NoiseBatches(1, 2) { OnLoad = _ => seen.Add(IsShortened()) };

        TrainingCases.Trainer(spec, method, batches, context).Run(null, _ =>
        {
            seen.Add(IsShortened());
            return [];
        });

        Assert.Equal([true, false, true, false], seen.Append(IsShortened()));

        static bool IsShortened()
        {
            Assert.Equal(backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
            return backends.cudnn.allow_tf32;
        }
    }

    [Fact]
    public void Sets_that_are_left_out_are_counted_alike_when_a_run_was_stopped()
    {
        var spec = TrainingCases.Spec(0) with { CameraBatchNorm = new CameraBatchNormSpec() };
        using var straight = new MemoryContext();
        var expected = Train(spec, straight, lacksSetIn: 1);
        using var stopped = new MemoryContext();

        Assert.Throws<OperationCanceledException>(() => Train(spec, stopped, stopAfter: Steps + 2, lacksSetIn: 1));
        using var resumed = new MemoryContext();
        var result = Train(spec, resumed, checkpoint: Last(stopped, epoch: 1, step: 2), lacksSetIn: 1);

        Assert.Equal(new SetCounts(2 * Steps * 6, 2), expected.Sets);
        Assert.Equal(expected.Sets, result.Sets);
        Assert.Equal(straight.Checkpoints[^1].Content, resumed.Checkpoints[^1].Content);
    }

    [Fact]
    public void A_teacher_is_left_exactly_as_it_was()
    {
        using var teacher = TrainingCases.Teacher();
        var before = ReidModelTests.Bytes(teacher);
        var spec = TrainingCases.Spec(1);
        var distillation = (ViewDistillationSpec)spec.Method;
        using var context = new MemoryContext();
        using (var student = StartingWeights.Student(spec, distillation, teacher, (_, _) => throw new InvalidOperationException("nothing is to be loaded")).Model)
        {
            var method = new ViewDistillation(distillation, spec.Seed, teacher, student);
            using var batches = new NoiseBatches(Steps, 3);
            TrainingCases.Trainer(spec, method, batches, context).Run(null, TrainingCases.NoMetrics);
        }

        Assert.Equal(before, ReidModelTests.Bytes(teacher));
    }

    private static byte[] Last(MemoryContext context, int epoch, int step)
    {
        var last = context.Checkpoints[^1];
        Assert.Equal((epoch, step), (last.Epoch, last.Step));
        return last.Content;
    }

    private static TrainingResult Train(
        TrainSpec spec,
        MemoryContext context,
        int steps = Steps,
        byte[]? checkpoint = null,
        int stopAfter = 0,
        bool isAlwaysTheSame = false,
        (int Epoch, int Step)? broken = null,
        int? lacksSetIn = null,
        Func<ReidModel, IReadOnlyList<SettingMetrics>>? evaluate = null)
    {
        using var method = TrainingCases.Method(spec);
        using var batches = new NoiseBatches(steps, spec.Method.SampledViews, isAlwaysTheSame)
        {
            Broken = broken,
            LacksSetIn = lacksSetIn,
            OnLoad = loaded =>
            {
                if (loaded == stopAfter)
                {
                    context.AskToStop();
                }
            },
        };
        using var stream = checkpoint is null ? null : new MemoryStream(checkpoint);
        return TrainingCases.Trainer(spec, method, batches, context).Run(stream, evaluate ?? TrainingCases.NoMetrics);
    }
}
