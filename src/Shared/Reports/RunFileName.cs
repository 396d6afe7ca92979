using System.Text.RegularExpressions;

namespace ReidCloud.Reports;

/// <summary>What files of a run may be called: names that mean the same in an address, in a blob's name and in any folder.</summary>
public static partial class RunFileName
{
    /// <summary>A succeeded run's result.</summary>
    public const string Checkpoint = "checkpoint.safetensors";

    /// <summary>The best of its checkpoints, where that is not the result.</summary>
    public const string Best = "best.safetensors";

    /// <summary>The report, where it is saved beside the files; and for people: a page, a text, a table.</summary>
    public const string Report = "report.json";
    public const string ReportPage = "report.html";
    public const string ReportText = "report.md";
    public const string ReportTable = "report.csv";

    /// <summary>What stands behind the report's figures.</summary>
    public const string Insights = "insights.json";

    /// <summary>The run's curves. TensorBoard takes every file whose name has `tfevents` in it.</summary>
    public const string TensorBoard = "events.out.tfevents.reidcloud";

    public const string Rule = "must be 1 to 128 letters, digits, dots, hyphens and underscores, beginning and ending with a letter or digit";

    /// <summary>Whether a run may give it to a file of its own.</summary>
    public static bool IsFree(string name) => IsValid(name) && name is not (Checkpoint or Best or Report or ReportPage or ReportText or ReportTable);

    public static bool IsValid(string? name) => name is not null && Name().IsMatch(name);

    [GeneratedRegex(@"\A(?!.{129})[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\z")]
    private static partial Regex Name();
}
