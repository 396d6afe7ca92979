using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>
/// The only training loop. It goes from where it stands to the last epoch, tells of its progress, has checkpoints kept, and stops between two
/// steps when asked to. A run that was stopped and resumed ends with the same bytes, on the CPU with the same number of threads, as one that was not.
/// </summary>
/// <param name="datasetHash">What the batches come from, for the checkpoint.</param>
/// <param name="identities">Names of the training identities in label order, for the checkpoint.</param>
internal sealed class Trainer(
    TrainSpec spec,
    TrainingMethod method,
    BatchSource batches,
    string datasetHash,
    IReadOnlyList<string> identities,
    RunContext context,
    TimeProvider time,
    Placement placement)
{
    private readonly List<EpochLosses> _losses = [];
    private readonly List<EpochMetrics> _evaluations = [];
    private readonly Dictionary<string, double> _sums = new(StringComparer.Ordinal);
    private readonly Pace _pace = new(time);
    private (Learner Learner, Optimizer Optimizer)[] _learners = [];
    private readonly Queue<QueuedStep> _queued = [];
    private (int Epoch, int Step) _saved = (-1, -1);
    private SetCounts? _sets = spec.CameraBatchNorm is null ? null : new SetCounts(0, 0);
    private int _epoch;
    private int _step;

    /// <summary>Trains to the end.</summary>
    /// <param name="checkpoint">Where to go on from; null starts at the beginning.</param>
    /// <param name="evaluate">Measures the result so far, whenever the spec says; not after the last epoch, that is the job's.</param>
    /// <exception cref="OperationCanceledException">The context asked to stop; the position is in a checkpoint.</exception>
    /// <exception cref="TrainingDivergedException">A loss became infinite or NaN.</exception>
    public TrainingResult Run(Stream? checkpoint, Func<ReidModel, IReadOnlyList<SettingMetrics>> evaluate)
    {
        method.ComputeIn(spec.Precision);
        method.MoveTo(placement);
        _learners = [.. method.Learners.Select(learner => (learner, Optimizer.Create(spec.Optimizer, learner.Model)))];
        try
        {
            if (checkpoint is not null)
            {
                Restore(checkpoint);
            }

            BeginTraining();
            while (_epoch < spec.Epochs)
            {
                TrainEpoch();
                FinishEpoch(evaluate);
            }

            return new TrainingResult(_losses, _evaluations, _pace.ImagesPerSecond, _sets);
        }
        finally
        {
            TensorFloat32.Allow(false);
            foreach (var step in _queued)
            {
                step.Dispose();
            }

            foreach (var (_, optimizer) in _learners)
            {
                optimizer.Dispose();
            }
        }
    }

    private void BeginTraining()
    {
        method.BeginTraining();
        TensorFloat32.Allow(spec.Precision == Precision.TensorFloat32);
        _pace.Pause();
    }

    private void TrainEpoch()
    {
        var learningRate = Schedule.LearningRate(spec, _epoch);
        var steps = batches.StepsIn(_epoch);
        while (_step < steps)
        {
            if (context.Stop.IsCancellationRequested)
            {
                Save();
                throw new OperationCanceledException($"stopped after {_epoch} epochs and {_step} steps, as asked", context.Stop);
            }

            using var batch = batches.Load(_epoch, _step);
            Queue(batch, learningRate);
            Settle(but: 1);
            Count(batch);
            _step++;
            context.Beat();
            _pace.Count(batch.Frames);
            if (_pace.IsTimeToTell())
            {
                Tell(RunEventKind.Step, _epoch, _step, learningRate, Settle());
            }
        }
    }

    private void Count(Batch batch) => _sets = _sets is null
        ? null
        : new SetCounts(_sets.Drawn + (batch.Remaining?.Drawn ?? batch.Labels_B.shape[0]), _sets.LeftOut + (batch.Remaining?.LeftOut ?? 0));

    /// <summary>One step. A GPU has then been told of all of it and done some. Where that fails, a step before may be why.</summary>
    private void Queue(Batch batch, double learningRate)
    {
        try
        {
            _queued.Enqueue(TrainStep(batch, learningRate));
        }
        catch
        {
            Settle();
            throw;
        }
    }

    private QueuedStep TrainStep(Batch batch, double learningRate)
    {
        using var scope = NewDisposeScope();
        var there = batch with { Images_BVCHW = Upload.To(placement.Main, batch.Images_BVCHW), Labels_B = Upload.To(placement.Main, batch.Labels_B) };
        foreach (var (learner, _) in _learners)
        {
            learner.BeginStep(spec.Seed, _epoch, _step);
        }

        var losses = method.Losses(there, _epoch, _step);
        losses.Objective.backward();
        foreach (var (learner, optimizer) in _learners)
        {
            learner.Backward();
            optimizer.Step(learningRate);
            learner.Losses.Step();
        }

        return new QueuedStep(_epoch, _step, learningRate, losses);
    }

    /// <summary>
    /// Adds the losses of the steps that were queued, but for so many of the last, to the epoch's. One may be left while the next is queued; before anything is kept, told or measured all must be
    /// known. Returns the last that was read.
    /// </summary>
    /// <exception cref="TrainingDivergedException">A loss became infinite or NaN.</exception>
    private IReadOnlyList<(string Name, double Value)> Settle(int but = 0)
    {
        IReadOnlyList<(string Name, double Value)> losses = [];
        while (_queued.Count > but)
        {
            using var queued = _queued.Dequeue();
            losses = queued.Losses();
            foreach (var (name, value) in losses)
            {
                _sums[name] = _sums.GetValueOrDefault(name) + value;
            }
        }

        return losses;
    }

    private void FinishEpoch(Func<ReidModel, IReadOnlyList<SettingMetrics>> evaluate)
    {
        Settle();
        var finished = _epoch + 1;
        var learningRate = Schedule.LearningRate(spec, _epoch);
        var means = _sums.ToDictionary(sum => sum.Key, sum => sum.Value / batches.StepsIn(_epoch));
        Tell(RunEventKind.Epoch, finished, 0, learningRate, means.Select(mean => (mean.Key, mean.Value)));
        if (spec.Evaluation.EveryEpochs > 0 && finished % spec.Evaluation.EveryEpochs == 0 && finished < spec.Epochs)
        {
            _evaluations.Add(new EpochMetrics(finished, Evaluate(evaluate)));
        }

        _losses.Add(new EpochLosses(finished, learningRate, means));
        _sums.Clear();
        (_epoch, _step) = (finished, 0);

        // One that was measured is always kept: it may be the best, and measuring it again would take long.
        if (_epoch % spec.Checkpoints.EveryEpochs == 0 || _epoch == spec.Epochs || IsMeasured())
        {
            Save();
            _pace.Pause();
        }
    }

    /// <summary>The result so far. Stopped in it, the position kept is behind the epoch's last step, so the next attempt begins with measuring.</summary>
    private IReadOnlyList<SettingMetrics> Evaluate(Func<ReidModel, IReadOnlyList<SettingMetrics>> evaluate)
    {
        method.Result.eval();
        TensorFloat32.Allow(false);
        try
        {
            return evaluate(method.Result);
        }
        catch (OperationCanceledException)
        {
            Save();
            throw;
        }
        finally
        {
            BeginTraining();
        }
    }

    /// <summary>Whether the result was measured where training stands now.</summary>
    private bool IsMeasured() => _step == 0 && _evaluations.Count > 0 && _evaluations[^1].Epoch == _epoch;

    /// <summary>The standard mAP of the first setting, where the result was measured.</summary>
    private double? Score() => IsMeasured() && _evaluations[^1].Settings is [var first, ..] ? first.MapStandard : null;

    private void Tell(RunEventKind kind, int epoch, int step, double learningRate, IEnumerable<(string Name, double Value)> losses) =>
        context.Tell(new RunEvent(time.GetUtcNow(), kind)
        {
            Epoch = epoch,
            Epochs = spec.Epochs,
            Step = step,
            Steps = batches.StepsIn(_epoch),
            Values = new Dictionary<string, double>(losses.Select(loss => KeyValuePair.Create(loss.Name, loss.Value)))
            {
                ["learningRate"] = learningRate,
                ["imagesPerSecond"] = _pace.RecentImagesPerSecond,
                ["secondsRemaining"] = _pace.SecondsFor(((long)(spec.Epochs - epoch) * batches.StepsIn(_epoch)) - step),
            },
        });

    private void Save()
    {
        Settle();
        if (_saved == (_epoch, _step))
        {
            return;
        }

        using var scope = NewDisposeScope();
        var head = new CheckpointHead(spec, datasetHash, identities, method.ResultRole, _epoch, _step)
        {
            Losses = _losses,
            Evaluations = _evaluations,
            EpochSums = _sums,
            Sets = _sets,
        };
        context.SaveCheckpoint(_epoch, _step, Score(), spec.Checkpoints.Keep, stream => Checkpoint.Write(stream, head, State()));
        _saved = (_epoch, _step);
    }

    private void Restore(Stream checkpoint)
    {
        using var scope = NewDisposeScope();
        var state = State();
        var head = Checkpoint.Restore(checkpoint, spec, datasetHash, identities, state);
        foreach (var (learner, optimizer) in _learners)
        {
            optimizer.RestoreSteps(state.Single(entry => entry.Name == $"{OptimizerPrefix(learner.Role)}{Optimizer.StepsName}").Value);
        }

        (_epoch, _step) = _saved = (head.Epoch, head.Step);
        _sets = head.Sets;
        _losses.AddRange(head.Losses);
        _evaluations.AddRange(head.Evaluations);
        foreach (var (name, sum) in head.EpochSums)
        {
            _sums[name] = sum;
        }
    }

    /// <summary>Weights and optimizer state of all learners, and what their losses learned, under the names they have in a checkpoint.</summary>
    private List<(string Name, Tensor Value)> State() =>
    [
        .. _learners.SelectMany(one => Checkpoint.Entries(one.Learner.Role, one.Learner.Model)
            .Concat(one.Optimizer.State().Select(entry => (OptimizerPrefix(one.Learner.Role) + entry.Name, entry.Value)))
            .Concat(one.Learner.Losses.State().Select(entry => ($"loss.{one.Learner.Role}.{entry.Name}", entry.Value)))),
    ];

    private static string OptimizerPrefix(string role) => $"optimizer.{role}.";
}
