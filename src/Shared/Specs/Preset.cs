namespace ReidCloud.Specs;

/// <summary>A figure that the authors of a recipe published, as fractions in [0, 1].</summary>
public sealed record PublishedFigure(RetrievalSetting Setting, double Rank1, double Map);

/// <summary>
/// A named complete spec: the recipe of a method on a data set. It validates as it stands; one that builds on another run names <see cref="NoRun"/>, which
/// <see cref="For"/> replaces.
/// </summary>
public sealed record Preset(string Name, string Summary, RunSpec Spec)
{
    /// <summary>Stands where the id of a teacher's run belongs. No run has it.</summary>
    public const string NoRun = "00000000000000000000";

    /// <summary>Where the recipe is from.</summary>
    public required string Source { get; init; }

    /// <summary>What the recipe gave its authors, where they say.</summary>
    public IReadOnlyList<PublishedFigure> Published { get; init; } = [];

    public bool NeedsTeacher => Spec.Parents.Any(parent => parent.Checkpoint.Run == NoRun);

    /// <summary>The recipe on another data set, or as it stands, with the run that it learns from.</summary>
    /// <exception cref="SpecException">It needs a teacher and none is named, or the other way round.</exception>
    public RunSpec For(string? dataset = null, string? teacher = null)
    {
        if (NeedsTeacher != teacher is not null)
        {
            throw new SpecException("$.method.teacher.run", NeedsTeacher
                ? $"is missing: preset '{Name}' distils a teacher; name the run that trained one"
                : $"has no place: preset '{Name}' learns from labels only; leave the teacher out");
        }

        var spec = Spec with { Dataset = dataset ?? Spec.Dataset };
        return spec is TrainSpec { Method: ViewDistillationSpec method } train && teacher is not null
            ? train with { Method = method with { Teacher = new CheckpointRef(teacher) } }
            : spec;
    }
}
