using System.Globalization;
using ReidCloud.Functions.Local;

namespace ReidCloud.Tests.Functions.Local;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("0 * * * * *", "2026-03-01 10:20:30", "2026-03-01 10:21:00")]
    [InlineData("0 */5 * * * *", "2026-03-01 10:20:00", "2026-03-01 10:25:00")]
    [InlineData("*/15 * * * * *", "2026-03-01 10:20:59", "2026-03-01 10:21:00")]
    [InlineData("0 30 9 * * *", "2026-12-31 09:30:00", "2027-01-01 09:30:00")]
    [InlineData("0 0 0 29 2 *", "2026-03-01 00:00:00", "2028-02-29 00:00:00")]
    [InlineData("0 0 8-17 * * Mon-Fri", "2026-02-27 17:00:00", "2026-03-02 08:00:00")]
    [InlineData("0 0 0 1 jan,JUL *", "2026-01-01 00:00:00", "2026-07-01 00:00:00")]
    [InlineData("0 0 0 * * 7", "2026-03-02 00:00:00", "2026-03-08 00:00:00")]
    [InlineData("0 0 0 13 * FRI", "2026-01-01 00:00:00", "2026-02-13 00:00:00")]
    [InlineData("5 10/20 * * * *", "2026-03-01 10:10:05", "2026-03-01 10:30:05")]
    public void Finds_the_first_time_after_another(string expression, string after, string next)
    {
        Assert.Equal(Time(next), CronSchedule.Parse(expression).NextAfter(Time(after)));
    }

    [Fact]
    public void Agrees_with_trying_every_second()
    {
        var schedule = CronSchedule.Parse("7,40 3-50/9 */6 * * *");
        var time = Time("2026-03-01 00:00:00");
        var slow = Enumerable.Range(1, 86_399).Select(second => Time("2026-03-01 00:00:00").AddSeconds(second)).Where(candidate =>
            candidate.Second is 7 or 40 && candidate.Minute is >= 3 and <= 50 && (candidate.Minute - 3) % 9 == 0 && candidate.Hour % 6 == 0);

        foreach (var expected in slow)
        {
            Assert.Equal(expected, time = schedule.NextAfter(time));
        }
    }

    [Fact]
    public void Skips_the_rest_of_a_second_begun()
    {
        Assert.Equal(Time("2026-03-01 10:00:01"), CronSchedule.Parse("* * * * * *").NextAfter(Time("2026-03-01 10:00:00").AddMilliseconds(1)));
    }

    [Theory]
    [InlineData("* * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("* * 24 * * *")]
    [InlineData("* * * 0 * *")]
    [InlineData("* * * * 13 *")]
    [InlineData("* * * * * Sol")]
    [InlineData("5-1 * * * * *")]
    [InlineData("*/0 * * * * *")]
    [InlineData("1-2-3 * * * * *")]
    [InlineData("")]
    public void Refuses_what_is_not_a_schedule(string expression) => Assert.Throws<FormatException>(() => CronSchedule.Parse(expression));

    [Fact]
    public void Says_so_when_the_day_never_comes()
    {
        Assert.Throws<InvalidOperationException>(() => CronSchedule.Parse("0 0 0 30 2 *").NextAfter(Time("2026-01-01 00:00:00")));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
