using System.Globalization;

namespace ReidCloud.Functions.Local;

/// <summary>
/// An NCRONTAB expression as timer triggers have it: second, minute, hour, day, month, day of week; each a star, numbers or English
/// abbreviations, ranges, lists, and steps. All six must match. Times are UTC, as on the Functions host.
/// </summary>
internal sealed class CronSchedule
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <summary>29 February on a given weekday comes back within 40 years at the latest, the missing leap day of 2100 included.</summary>
    private const int MaxDaysAhead = 366 * 41;

    private readonly SortedSet<int> _seconds;
    private readonly SortedSet<int> _minutes;
    private readonly SortedSet<int> _hours;
    private readonly SortedSet<int> _days;
    private readonly SortedSet<int> _months;
    private readonly SortedSet<int> _weekdays;

    private CronSchedule(string[] fields)
    {
        _seconds = Field(fields[0], 0, 59, []);
        _minutes = Field(fields[1], 0, 59, []);
        _hours = Field(fields[2], 0, 23, []);
        _days = Field(fields[3], 1, 31, []);
        _months = Field(fields[4], 1, 12, Months);
        _weekdays = Field(fields[5], 0, 7, Days);
        if (_weekdays.Remove(7))
        {
            _weekdays.Add(0);
        }
    }

    /// <exception cref="FormatException">The expression is not one of six such fields.</exception>
    public static CronSchedule Parse(string expression)
    {
        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 6
            ? new CronSchedule(fields)
            : throw new FormatException($"'{expression}' must have six fields: second minute hour day month day-of-week");
    }

    /// <summary>The first time after the given one.</summary>
    /// <exception cref="InvalidOperationException">There is no such day, as with 30 February.</exception>
    public DateTimeOffset NextAfter(DateTimeOffset time)
    {
        var first = time.UtcDateTime.AddTicks(TimeSpan.TicksPerSecond - (time.UtcTicks % TimeSpan.TicksPerSecond));
        for (var ahead = 0; ahead <= MaxDaysAhead; ahead++)
        {
            var day = first.Date.AddDays(ahead);
            if (!_months.Contains(day.Month) || !_days.Contains(day.Day) || !_weekdays.Contains((int)day.DayOfWeek))
            {
                continue;
            }

            var earliest = ahead == 0 ? first.TimeOfDay : TimeSpan.Zero;
            foreach (var candidate in TimesFrom(earliest))
            {
                return new DateTimeOffset(day + candidate, TimeSpan.Zero);
            }
        }

        throw new InvalidOperationException("The schedule names a day that never comes");
    }

    private IEnumerable<TimeSpan> TimesFrom(TimeSpan earliest) =>
        from hour in _hours
        where hour >= earliest.Hours
        from minute in _minutes
        where hour > earliest.Hours || minute >= earliest.Minutes
        from second in _seconds
        let time = new TimeSpan(hour, minute, second)
        where time >= earliest
        select time;

    private static SortedSet<int> Field(string text, int min, int max, string[] names)
    {
        var values = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 1),
                [var all, var every] => (all, Number(every, 1, max - min + 1, [], text)),
                _ => throw Malformed(text),
            };
            var (from, to) = range.Split('-') switch
            {
                ["*"] => (min, max),
                [var one] when part.Contains('/') => (Number(one, min, max, names, text), max),
                [var one] => (Number(one, min, max, names, text), Number(one, min, max, names, text)),
                [var low, var high] => (Number(low, min, max, names, text), Number(high, min, max, names, text)),
                _ => throw Malformed(text),
            };
            if (from > to)
            {
                throw Malformed(text);
            }

            for (var value = from; value <= to; value += step)
            {
                values.Add(value);
            }
        }

        return values;
    }

    private static int Number(string text, int min, int max, string[] names, string field)
    {
        var named = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (named >= 0)
        {
            return named + (names == Months ? 1 : 0);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Malformed(field);
    }

    private static FormatException Malformed(string field) => new($"'{field}' is not a field of a schedule");
}
