using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>The variants of a layout whose authors give several divisions of the same persons: split-1, split-2, …</summary>
public static class SplitVariants
{
    private const string Prefix = "split-";

    /// <summary>What the small sets have: figures are means over all ten.</summary>
    public const int Usual = 10;

    public static IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(1, Usual).Select(split => Prefix + split.ToString(CultureInfo.InvariantCulture))];

    /// <summary>From 1; the first where none is named.</summary>
    internal static int NumberOf(string? variant) => variant is null ? 1 : int.Parse(variant[Prefix.Length..], CultureInfo.InvariantCulture);
}
