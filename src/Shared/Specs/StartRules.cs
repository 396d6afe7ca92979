namespace ReidCloud.Specs;

/// <summary>
/// What a training may start from: VKD §6, and §2.1 for networks with attention. Checked by the spec alone, where a run is admitted that builds on other
/// runs, and once more when weights are loaded, since pushed ones are known only then.
/// </summary>
public static class StartRules
{
    private const string InitialPath = "$.initialWeights";
    private const string StudentPath = "$.method.student";
    private const string TeacherPath = "$.method.teacher";
    private const string LastStagePath = "$.method.reinitializeLastStage";

    /// <exception cref="SpecException">The initial weights are of another backbone.</exception>
    public static void RequireInitial(ModelSpec model, BackboneName theirs)
    {
        if (!CanStart(model.Backbone, theirs))
        {
            throw Another(InitialPath, model, theirs, "name weights of this backbone, or leave them out");
        }
    }

    /// <exception cref="SpecException">What the student is to start from is of another backbone, or of another head that it is to keep.</exception>
    public static void RequireStudent(ModelSpec model, ViewDistillationSpec method, ModelSpec theirs)
    {
        if (theirs.MultiView is not null)
        {
            throw SeveralViews(StudentPath);
        }

        if (theirs.Backbone != model.Backbone)
        {
            throw Another(StudentPath, model, theirs.Backbone, "name a run that trained the student's own backbone from labels, or leave it out");
        }

        if (!method.ReinitializeLastStage && Head(theirs) != Head(model))
        {
            throw new SpecException(
                LastStagePath, "must be true: what the student starts from has another pooling, neck or local branch, of which nothing can be kept; or give $.model the same");
        }
    }

    /// <exception cref="SpecException">The spec asks for something that a student of such a teacher cannot have.</exception>
    public static void RequireTeacher(TrainSpec spec, ViewDistillationSpec method, ModelSpec teacher)
    {
        if (teacher.MultiView is not null)
        {
            throw SeveralViews(TeacherPath);
        }

        var starts = method.Student is not null || teacher.Backbone == spec.Model.Backbone;
        if (!starts && !method.ReinitializeLastStage)
        {
            throw new SpecException(
                LastStagePath,
                $"must be true: the teacher is {NameConverterFactory.NameOf(teacher.Backbone)} and the student {NameConverterFactory.NameOf(spec.Model.Backbone)},"
                + $" so there is nothing to keep; or name what the student starts from in {StudentPath}");
        }

        if (starts && method.Student is null)
        {
            RequireStudent(spec.Model, method, teacher);
        }

        if (starts && spec.InitialWeights is not null && !HasLastStage(spec.Model.Backbone))
        {
            throw new SpecException(InitialPath, NothingToStart(spec.Model.Backbone));
        }
    }

    /// <exception cref="SpecException">A peer is named of a run that has no such peer.</exception>
    public static void RequirePeer(string path, CheckpointRef checkpoint, RunSpec theirs)
    {
        var peers = theirs is TrainSpec { Method: MutualLearningSpec mutual } ? mutual.Peers : 0;
        if (checkpoint.Peer > peers)
        {
            throw new SpecException(
                $"{path}.peer",
                peers == 0
                    ? $"must be left out: run {checkpoint.Run} has no peers, since it is no run of mutual learning"
                    : $"must be at most {peers}, the number of peers of run {checkpoint.Run}, was {checkpoint.Peer}");
        }
    }

    /// <summary>What the spec alone tells.</summary>
    internal static void Check(TrainSpec spec, SpecFaults faults)
    {
        if (spec is not { InitialWeights: not null, Method: ViewDistillationSpec method })
        {
            return;
        }

        faults.Unless(
            method.ReinitializeLastStage, InitialPath, $"has no effect: a student starts nothing afresh where {LastStagePath} is false; leave it out");
        faults.Unless(
            method.Student is null || HasLastStage(spec.Model.Backbone) || !method.ReinitializeLastStage, InitialPath, NothingToStart(spec.Model.Backbone));
    }

    /// <summary>Whether a network can start from weights of another: of the same, or of the one that becomes it by attention modules, as VKD's do from ImageNet.</summary>
    public static bool CanStart(BackboneName network, BackboneName from) => network == from || WithoutAttention(network) == from;

    /// <summary>Attention has no weights of ImageNet: such a network starts as the one without, and its attention is drawn.</summary>
    public static BackboneName WithoutAttention(BackboneName backbone) => backbone switch
    {
        BackboneName.ResNet50Bam => BackboneName.ResNet50,
        BackboneName.ResNet101Bam => BackboneName.ResNet101,
        _ => backbone,
    };

    /// <summary>Whether a student of this backbone starts more than its head afresh: VKD does so with all but mobilenet.</summary>
    public static bool HasLastStage(BackboneName backbone) => backbone != BackboneName.MobileNet;

    /// <summary>What a network is behind its backbone.</summary>
    private static (PoolingName, NeckName, LocalBranchSpec?) Head(ModelSpec model) => (model.Pooling, model.Neck, model.Local);

    private static string NothingToStart(BackboneName backbone) =>
        $"has no effect: of {NameConverterFactory.NameOf(backbone)} a student starts only the head afresh, which is always drawn; leave it out";

    private static SpecException SeveralViews(string path) =>
        new(path, "is a network of several views ($.model.multiView), which neither teaches by view-distillation nor is what a student starts from: name a run that trained a network of one");

    private static SpecException Another(string path, ModelSpec model, BackboneName theirs, string remedy) => new(
        path, $"is of backbone {NameConverterFactory.NameOf(theirs)}, while $.model.backbone is {NameConverterFactory.NameOf(model.Backbone)}: {remedy}");
}
