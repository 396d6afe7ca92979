using System.Globalization;
using ReidCloud.Reports;

namespace ReidCloud.Runs;

/// <summary>Events of a run, and where to go on reading.</summary>
public sealed record EventPage(IReadOnlyList<RunEvent> Events, EventPosition Next);

/// <summary>A place in a run's events: so many bytes into those of an attempt. Written `2-1234`; the default is the beginning.</summary>
public readonly record struct EventPosition(int Attempt, long Offset)
{
    public static bool TryParse(string? text, out EventPosition position)
    {
        var parts = (text ?? "").Split('-');
        var valid = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            & long.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            & parts.Length == 2;
        position = valid ? new EventPosition(attempt, offset) : default;
        return valid;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Attempt}-{Offset}");
}
