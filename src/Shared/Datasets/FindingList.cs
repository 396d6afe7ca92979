namespace ReidCloud.Datasets;

/// <summary>Findings as they are made: one per code, with how often it happened and the first places.</summary>
public sealed class FindingList
{
    public const int MostExamples = 20;
    private readonly Dictionary<string, (FindingSeverity Severity, string Message, int Count, List<string> Examples)> _findings = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    public bool HasErrors => _findings.Values.Any(finding => finding.Severity == FindingSeverity.Error);

    /// <summary>Once more. The message is that of the code's first time.</summary>
    public void Add(FindingSeverity severity, string code, string message, string example)
    {
        if (!_findings.TryGetValue(code, out var finding))
        {
            finding = (severity, message, 0, []);
            _order.Add(code);
        }

        if (finding.Examples.Count < MostExamples)
        {
            finding.Examples.Add(ForeignText.Shown(example));
        }

        _findings[code] = finding with { Count = finding.Count + 1 };
    }

    /// <summary>Counted elsewhere; nothing when the count is 0.</summary>
    public void Add(FindingSeverity severity, string code, string message, int count, IEnumerable<string> examples)
    {
        if (count > 0)
        {
            _findings.Add(code, (severity, message, count, [.. examples.Take(MostExamples).Select(example => ForeignText.Shown(example))]));
            _order.Add(code);
        }
    }

    /// <summary>Errors first, each severity in the order it was found.</summary>
    public IReadOnlyList<Finding> ToList() =>
    [
        .. _order
            .Select(code => new Finding(_findings[code].Severity, code, _findings[code].Message, _findings[code].Count, _findings[code].Examples))
            .OrderByDescending(finding => finding.Severity),
    ];
}
