using System.Text.Json.Serialization;
using ReidCloud.Reports;

namespace ReidCloud.Specs;

/// <summary>What of a published figure was found a second time: what was not is a transcription of the paper's table.</summary>
public enum Verified
{
    Nothing,
    Rank1,
    Map,
    Both,
}

/// <summary>
/// What the authors of a recipe published of one test, as fractions in [0, 1]. Of the mean average precision there are two definitions, which reports tell apart by the same names; the trapezoidal
/// one is never more than the standard one. A figure has the one that its authors measured: compare it with no other.
/// </summary>
public sealed record PublishedFigure(RetrievalSetting Setting, double Rank1, Verified Verified)
{
    public double? MapTrapezoidal { get; init; }
    public double? MapStandard { get; init; }

    /// <summary>Whose distances were measured how. Left out: those of one query image's global features, as they are.</summary>
    public RetrievalVariant? Variant { get; init; }

    /// <summary>Of mutual learning, which of the networks.</summary>
    public int? Peer { get; init; }

    /// <summary>The data set of the test, where it is another than that of the training.</summary>
    public string? Dataset { get; init; }

    [JsonIgnore]
    public bool IsRank1Verified => Verified is Verified.Rank1 or Verified.Both;

    [JsonIgnore]
    public bool IsMapVerified => Verified is Verified.Map or Verified.Both;

    /// <summary>By either definition.</summary>
    [JsonIgnore]
    public double Map => MapTrapezoidal ?? MapStandard ?? double.NaN;

    /// <summary>As a report names the same: `image-to-image/local/re-ranked`.</summary>
    [JsonIgnore]
    public string Name => RetrievalVariant.NameOf(Setting, Variant);
}

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

    /// <summary>Of so many runs that differ in nothing but the seed its authors recommend to report the mean.</summary>
    public int RecommendedRuns { get; init; } = 1;

    public bool NeedsTeacher => IsOpen(Distillation?.Teacher);

    /// <summary>
    /// Whether it distils across backbones: the student starts from weights of its own, those of its first stage. The other presets that distil take such
    /// weights too, for a teacher of another backbone than the authors'; without them the student starts as its teacher.
    /// </summary>
    public bool NeedsStudent => IsOpen(Distillation?.Student);

    private MutualLearningSpec? MutualLearning => (Spec as TrainSpec)?.Method as MutualLearningSpec;

    private ViewDistillationSpec? Distillation => (Spec as TrainSpec)?.Method as ViewDistillationSpec;

    /// <summary>The recipe on another data set, or as it stands, with what it learns and starts from.</summary>
    /// <exception cref="SpecException">Something that it needs is not named, or something is that it does not need.</exception>
    public RunSpec For(string? dataset = null, CheckpointRef? teacher = null, CheckpointRef? student = null, CheckpointRef? alone = null)
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
        Require("$.method.alone.run", false, MutualLearning is not null, alone, "", "has no peers that could be compared with a network trained alone; leave it out");
        var spec = Spec with { Dataset = dataset ?? Spec.Dataset };
        return (Distillation, MutualLearning) switch
        {
            ({ } method, _) => (TrainSpec)spec with { Method = method with { Teacher = teacher ?? method.Teacher, Student = student ?? method.Student } },
            (_, { } method) => (TrainSpec)spec with { Method = method with { Alone = alone ?? method.Alone } },
            _ => spec,
        };
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
