using System.Globalization;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner;

/// <summary>
/// As many attempts as a run has broke off. Says of each when and where it was, how it ended, how far it got and with how much memory; what most of them
/// died of is the cause.
/// </summary>
internal sealed class AttemptsSpentException(FailureCause cause, string message, string detail) : Exception(message)
{
    private const double GiB = 1 << 30;

    /// <summary>Of the memory that a process may use: what dies with so much has most likely died of it.</summary>
    private const double NearLimit = 0.85;

    public FailureCause Cause { get; } = cause;

    public string Detail { get; } = detail;

    /// <param name="evidence">What was left of an attempt, by its number.</param>
    /// <param name="last">The run's last events.</param>
    public static AttemptsSpentException Of(
        RunStatus status, int allowed, IReadOnlyDictionary<int, AttemptEvidence> evidence, IReadOnlyList<RunEvent> last)
    {
        var broken = status.Attempts.Where(attempt => attempt.BrokeOff && status.Counts(attempt)).ToList();
        var causes = broken.Select(attempt => CauseOf(attempt, evidence.GetValueOrDefault(attempt.Number))).ToList();
        var cause = causes.GroupBy(one => one).MaxBy(group => group.Count())?.Key ?? FailureCause.Infrastructure;
        var why = cause switch
        {
            FailureCause.OutOfMemory => "most likely they ran out of memory",
            FailureCause.Hung => "they hung",
            _ => "their processes were ended from outside or died: look at the machine",
        };
        return new AttemptsSpentException(
            cause,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{status.BrokenOff()} attempts broke off, and $.limits.maxAttempts is {allowed}; {why}. Last checkpoint: {FailureReport.Place(status.Checkpoint)}.")
                + string.Concat(broken.Select(attempt => $"{Environment.NewLine}{Line(attempt)}")),
            string.Join(Environment.NewLine, [.. broken.SelectMany(attempt => Words(attempt, evidence)), "Last events:", .. last.Select(FailureReport.Line)]));
    }

    private static FailureCause CauseOf(RunAttempt attempt, AttemptEvidence? evidence) =>
        attempt.End == AttemptEnd.Hung ? FailureCause.Hung
        : attempt.MemoryBytes > NearLimit * attempt.MemoryLimitBytes || FailureCauses.SpeaksOfMemory(string.Join('\n', [attempt.Message, .. evidence?.LastWords ?? []]))
            ? FailureCause.OutOfMemory
        : FailureCause.Infrastructure;

    private static string Line(RunAttempt attempt)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"Attempt {attempt.Number} on {attempt.Runner}, {attempt.StartedAt:u} to {attempt.EndedAt:u}: {NameConverterFactory.NameOf(attempt.End!.Value)}");
        if (attempt.Epoch is { } epoch)
        {
            line += string.Create(CultureInfo.InvariantCulture, $" at epoch {epoch}, step {attempt.Step ?? 0}");
        }

        if (attempt.MemoryBytes is { } memory)
        {
            line += string.Create(CultureInfo.InvariantCulture, $", with {memory / GiB:F1} of {attempt.MemoryLimitBytes / GiB:F1} GiB of memory");
        }

        return attempt.Message is { } message ? $"{line}; {message}" : line;
    }

    private static IEnumerable<string> Words(RunAttempt attempt, IReadOnlyDictionary<int, AttemptEvidence> evidence) =>
        evidence.GetValueOrDefault(attempt.Number) is { LastWords.Count: > 0 } left
            ? [string.Create(CultureInfo.InvariantCulture, $"Last words of attempt {attempt.Number}:"), .. left.LastWords.Select(line => $"  {line}")]
            : [];
}
