namespace ReidCloud.Datasets;

/// <summary>An upload that does not become a data set. <see cref="Findings"/> are all that was noticed; <see cref="Errors"/> are why.</summary>
public sealed class DatasetException(IReadOnlyList<Finding> findings) : Exception(Describe(findings))
{
    public DatasetException(Finding finding)
        : this([finding])
    {
    }

    public IReadOnlyList<Finding> Findings { get; } = findings;

    public IReadOnlyList<Finding> Errors { get; } = [.. findings.Where(finding => finding.Severity == FindingSeverity.Error)];

    private static string Describe(IReadOnlyList<Finding> findings) => string.Join(
        Environment.NewLine,
        findings.Where(finding => finding.Severity == FindingSeverity.Error).Select(finding =>
            finding.Examples.Count == 0 ? finding.Message : $"{finding.Message} ({finding.Count}: {string.Join("; ", finding.Examples.Take(3))})"));
}
