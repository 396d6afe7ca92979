using System.Text.Json.Serialization;

namespace ReidCloud.Benchmarks;

/// <summary>
/// One line of docs/benchmarks.md: what this code needs, and what the limit or the alternative needs that was measured beside it, in the same run on the same machine.
/// </summary>
/// <param name="What">Of what: `distances, CMC, both mAPs and mINP, 3,368 x 15,913 x 2,048`. With the measurement's name it is the figure's key, so it says nothing that changes from run to run.</param>
/// <param name="Against">What was measured beside it: `float32 matrix product (aten::mm)`. Where a target is a plain number (seconds, bytes), that is the limit.</param>
/// <param name="Unit">Of both: s, ms, MiB, images/s.</param>
internal sealed record Figure(string What, double Ours, string Against, double Theirs, string Unit)
{
    /// <summary>Of both, unless they were measured turn by turn: then the median of neighbors' ratios (<see cref="Turns"/>).</summary>
    public double Ratio { get; init; } = Ours / Theirs;

    /// <summary>The ratio's target, where less is better.</summary>
    public double? AtMost { get; init; }

    /// <summary>The ratio's target, where more is better.</summary>
    public double? AtLeast { get; init; }

    /// <summary>What bounds it, where it falls short or a reader may wonder.</summary>
    public string? BoundBy { get; init; }

    /// <summary>What this machine lacks to measure the other side, and how to get it. Then there is no ratio.</summary>
    public string? Missing { get; init; }

    [JsonIgnore]
    public bool? Holds => !double.IsFinite(Ratio) ? null : AtMost is { } most ? Ratio <= most : AtLeast is { } least ? Ratio >= least : null;

    /// <summary>A figure whose alternative this machine cannot run: `no python3-torch: apt-get install python3-torch python3-numpy`. Ours is shown where it is known.</summary>
    public static Figure Without(string what, string against, string missing, double ours = double.NaN, string unit = "") => new(what, ours, against, double.NaN, unit) { Missing = missing };
}

/// <summary>Whole: the sizes that the targets name. Brief: the same paths in seconds, for a person who looks whether ratios have moved.</summary>
internal enum Extent
{
    Whole,
    Brief,
}

/// <summary>Some figures that belong together. Each is taken in a process of its own, so that its peak memory is its own and nothing of another's is warm.</summary>
/// <param name="Name">On the command line: `./reid bench ranking`.</param>
/// <param name="Title">The heading in docs/benchmarks.md.</param>
internal sealed record Measurement(string Name, string Title, Func<Extent, IEnumerable<Figure>> Take);
