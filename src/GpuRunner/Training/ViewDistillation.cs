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

    /// <param name="replicas">In so many parts both see a batch: the teacher's statistics, too, are each part's own.</param>
    public ViewDistillation(ViewDistillationSpec spec, long seed, ReidModel teacher, ReidModel student, int replicas = 1)
    {
        (_spec, _seed, _teacher, _student) = (spec, seed, teacher, student);
        _teaching = new DataParallel(teacher, replicas, isFrozen: true);
        _learner = new Learner(Role, student, spec.Losses, replicas);
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
        var views_BM = Upload.To(batch.Images_BVCHW.device, StudentViews((int)batch.Images_BVCHW.shape[0], epoch, step));
        return Losses(batch, views_BM);
    }

    /// <summary>The losses when the student sees the given views, M of them per set.</summary>
    public StepLosses Losses(Batch batch, Tensor views_BM)
    {
        var teacher = Ask(batch.Images_BVCHW);
        var student = _learner.Call(Select(batch.Images_BVCHW, views_BM));
        return _learner.Losses.Of(new LossInputs(student.Embedding_BD, student.Logits_BK, batch.Labels_B)
        {
            Local_BHC = student.Local_BHC,
            TeacherEmbedding_BD = teacher.Embedding_BD,
            TeacherLogits_BK = teacher.Logits_BK,
        });
    }

    /// <summary>What the teacher says, without gradients.</summary>
    public ModelOutput Ask(Tensor images_BVCHW)
    {
        using var frozen = no_grad();
        return _teaching.Call(images_BVCHW);
    }

    /// <summary>For each set the first M of its own random order of the N views.</summary>
    public Tensor StudentViews(int sets, int epoch, int step)
    {
        var stream = Seeding.Stream(_seed, "student-views", epoch, step);
        var views = new long[sets * _spec.StudentViews];
        for (var set = 0; set < sets; set++)
        {
            var order = stream.Permutation(_spec.TeacherViews);
            for (var view = 0; view < _spec.StudentViews; view++)
            {
                views[(set * _spec.StudentViews) + view] = order[view];
            }
        }

        return tensor(views, [sets, _spec.StudentViews]);
    }

    public override void Dispose()
    {
        base.Dispose();
        _teaching.Dispose();
    }

    private static Tensor Select(Tensor images_BVCHW, Tensor views_BM)
    {
        var (sets, views) = (images_BVCHW.shape[0], images_BVCHW.shape[1]);
        var row_BM = (arange(sets, device: views_BM.device) * views).unsqueeze(1) + views_BM;
        return images_BVCHW.flatten(0, 1).index_select(0, row_BM.flatten()).unflatten(0, sets, views_BM.shape[1]);
    }
}
