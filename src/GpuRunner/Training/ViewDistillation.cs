using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>
/// Views knowledge distillation (Porrello et al., ECCV 2020): the teacher sees all views of a set, the student a random few of the very same
/// tensors. The teacher's weights and running statistics never change; it normalises by the batch. Spec of VKD §6.
/// </summary>
internal sealed class ViewDistillation : TrainingMethod
{
    public const string Role = "student";
    public const string TeacherRole = "teacher";

    private readonly ViewDistillationSpec _spec;
    private readonly long _seed;
    private readonly ReidModel _teacher;
    private readonly ReidModel _student;
    private readonly DataParallel _teaching;
    private readonly Learner _learner;

    /// <param name="division">In which parts both see a batch: the teacher's statistics, too, are each part's own.</param>
    public ViewDistillation(ViewDistillationSpec spec, long seed, ReidModel teacher, ReidModel student, BatchDivision? division = null)
    {
        (_spec, _seed, _teacher, _student) = (spec, seed, teacher, student);
        _teaching = new DataParallel(teacher, division ?? 1, isFrozen: true);
        _learner = new Learner(Role, student, spec.Losses, division);
    }

    public override IReadOnlyList<Learner> Learners => [_learner];

    public override string ResultRole => Role;

    public override (CheckpointRef Checkpoint, ReidModel Model)? Teacher => (_spec.Teacher, _teacher);

    public override void MoveTo(Placement placement)
    {
        base.MoveTo(placement);
        _teaching.MoveTo(placement);
    }

    public override void ComputeIn(Precision precision)
    {
        base.ComputeIn(precision);
        _teacher.Precision = precision;
    }

    public override void BeginTraining()
    {
        _teacher.UseBatchStatisticsOnly();
        _student.train();
    }

    public override StepLosses Losses(Batch batch, int epoch, int step)
    {
        var sets = (int)batch.Images_BVCHW.shape[0];
        var drawn = StudentViews.Draw(_seed, _spec, batch.Remaining?.Drawn ?? sets, epoch, step).Chunk(_spec.StudentViews).ToArray();
        return Losses(batch, [.. batch.Remaining?.Places_B.SelectMany(place => drawn[place]) ?? drawn.SelectMany(views => views)]);
    }

    /// <summary>The losses when the student sees the given views, M of them per set.</summary>
    public StepLosses Losses(Batch batch, int[] views_BM)
    {
        var teacher = Ask(batch);
        var student = _learner.Call(Select(batch, views_BM));
        return _learner.Losses.Of(new LossInputs(student.Embedding_BD, student.Logits_BK, batch.Labels_B)
        {
            Local_BHC = student.Local_BHC,
            TeacherEmbedding_BD = teacher.Embedding_BD,
            TeacherLogits_BK = teacher.Logits_BK,
        });
    }

    /// <summary>What the teacher says, without gradients.</summary>
    public ModelOutput Ask(Batch batch)
    {
        using var frozen = no_grad();
        return _teaching.Call(batch.Images_BVCHW, batch.Cameras_BV);
    }

    public override void Dispose()
    {
        base.Dispose();
        _teaching.Dispose();
    }

    private Batch Select(Batch batch, int[] views_BM)
    {
        var views = (int)batch.Images_BVCHW.shape[1];
        int[] row_BM = [.. views_BM.Select((view, at) => (at / _spec.StudentViews * views) + view)];
        var rows = Upload.To(batch.Images_BVCHW.device, tensor(Array.ConvertAll(row_BM, row => (long)row)));
        return batch with
        {
            Images_BVCHW = batch.Images_BVCHW.flatten(0, 1).index_select(0, rows).unflatten(0, -1, _spec.StudentViews),
            Cameras_BV = batch.Cameras_BV is [] ? [] : Array.ConvertAll(row_BM, row => batch.Cameras_BV[row]),
            Modalities_BV = batch.Modalities_BV is [] ? [] : Array.ConvertAll(row_BM, row => batch.Modalities_BV[row]),
        };
    }
}
