namespace ReidCloud.Specs;

/// <summary>What of a published figure was found a second time: what was not is a transcription of the paper's table.</summary>
public enum Verified
{
    Nothing,
    Rank1,
    Both,
}

/// <summary>
/// A figure that the authors of a recipe published, as fractions in [0, 1]. Their mean average precision is the trapezoidal one, which reports call
/// mapTrapezoidal: never more than the usual, so compare it with no other.
/// </summary>
public sealed record PublishedFigure(RetrievalSetting Setting, double Rank1, double MapTrapezoidal, Verified Verified);

/// <summary>
/// A named complete spec: the recipe of a method on a data set. It validates as it stands; one that builds on other runs names <see cref="NoRun"/>, which
/// <see cref="For"/> replaces.
/// </summary>
public sealed record Preset(string Name, string Summary, RunSpec Spec)
{
    /// <summary>Stands where the id of a teacher's run, or of a student's first stage, belongs. No run has it.</summary>
    public const string NoRun = "00000000000000000000";

    /// <summary>Where the recipe is from.</summary>
    public required string Source { get; init; }

    /// <summary>What the recipe gave its authors, where they say.</summary>
    public IReadOnlyList<PublishedFigure> Published { get; init; } = [];

    public bool NeedsTeacher => IsOpen(Distillation?.Teacher);

    /// <summary>
    /// Whether it distils across backbones: the student starts from weights of its own, those of its first stage. The other presets that distil take such
    /// weights too, for a teacher of another backbone than the authors'; without them the student starts as its teacher.
    /// </summary>
    public bool NeedsStudent => IsOpen(Distillation?.Student);

    private ViewDistillationSpec? Distillation => (Spec as TrainSpec)?.Method as ViewDistillationSpec;

    /// <summary>The recipe on another data set, or as it stands, with what it learns and starts from.</summary>
    /// <exception cref="SpecException">Something that it needs is not named, or something is that it does not need.</exception>
    public RunSpec For(string? dataset = null, CheckpointRef? teacher = null, CheckpointRef? student = null)
    {
        Require(
            "$.method.teacher.run", NeedsTeacher, NeedsTeacher, teacher, "distils a teacher; name the run that trained one", "learns from labels only; leave the teacher out");
        Require(
            "$.method.student.run",
            NeedsStudent,
            NeedsTeacher,
            student,
            "distils a teacher of another backbone; name the run that trained the student's own from labels",
            "learns from labels only; leave the student out");
        var spec = Spec with { Dataset = dataset ?? Spec.Dataset };
        return Distillation is { } method
            ? (TrainSpec)spec with { Method = method with { Teacher = teacher ?? method.Teacher, Student = student ?? method.Student } }
            : spec;
    }

    private void Require(string path, bool needs, bool takes, CheckpointRef? given, string missing, string needless)
    {
        if (given is null ? needs : !takes)
        {
            throw new SpecException(path, needs ? $"is missing: preset '{Name}' {missing}" : $"has no place: preset '{Name}' {needless}");
        }
    }

    private static bool IsOpen(CheckpointRef? checkpoint) => checkpoint?.Run == NoRun;
}
