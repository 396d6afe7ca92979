using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class RunAttemptsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RunStatus New = new(RunState.Queued, Start, Start);

    [Fact]
    public void A_run_that_is_given_back_thousands_of_times_keeps_a_small_status_and_counts_right()
    {
        var status = New;
        for (var attempt = 1; attempt <= 3000; attempt++)
        {
            status = Attempt(status, attempt % 600 == 1 ? AttemptEnd.Crashed : AttemptEnd.Released);
        }

        Assert.Equal((3000, 50, 2951), (status.Attempt, status.Attempts.Count, status.Attempts[0].Number));
        Assert.Equal((5, TimeSpan.FromMinutes(3000)), (status.BrokenOff(), status.Running()));
        Assert.InRange(ReidJson.Write(status).Length, 1, 20_000);
    }

    [Fact]
    public void What_somebody_has_forgiven_counts_no_more()
    {
        var status = New;
        for (var attempt = 1; attempt <= 70; attempt++)
        {
            status = Attempt(status, AttemptEnd.Vanished);
        }

        status = status with { RetriedAfter = status.Attempt };
        Assert.Equal((0, TimeSpan.Zero), (status.BrokenOff(), status.Running()));

        for (var attempt = 1; attempt <= 60; attempt++)
        {
            status = Attempt(status, AttemptEnd.Hung);
        }

        Assert.Equal((60, TimeSpan.FromHours(1)), (status.BrokenOff(), status.Running()));
    }

    [Theory]
    [InlineData(AttemptEnd.Vanished, 1)]
    [InlineData(AttemptEnd.Crashed, 1)]
    [InlineData(AttemptEnd.Hung, 1)]
    [InlineData(AttemptEnd.Released, 0)]
    [InlineData(AttemptEnd.StorageAway, 0)]
    [InlineData(AttemptEnd.LeaseLost, 0)]
    public void Only_what_broke_off_counts(AttemptEnd end, int counted) => Assert.Equal(counted, Attempt(New, end).BrokenOff());

    [Fact]
    public void An_attempt_shows_what_was_last_heard_of_it()
    {
        var status = New.Begun("host/1", 1000, Start);
        status = status.Heard(new RunEvent(Start, RunEventKind.Step) { Epoch = 3, Step = 4 }, 500, Start.AddSeconds(9));
        status = status.Heard(new RunEvent(Start, RunEventKind.Evaluation) { Epoch = 4, Step = 1000 }, 600, Start.AddSeconds(19));

        var attempt = Assert.Single(status.Attempts);
        Assert.Equal((3, 4, 600L, 1000L), (attempt.Epoch, attempt.Step, attempt.MemoryBytes, attempt.MemoryLimitBytes));
        Assert.Equal((Start.AddSeconds(19), null), (attempt.HeardAt, attempt.End));
        Assert.Equal(TimeSpan.FromSeconds(19), status.Running());
    }

    [Fact]
    public void What_an_attempt_did_after_its_last_checkpoint_was_done_for_nothing()
    {
        // Ten minutes of which seven were kept; ten without any checkpoint; nine of which the last heard was at five; and the one that came to an end.
        var status = New.Begun("host/1", 1, Start).Kept(Start.AddMinutes(3)).Kept(Start.AddMinutes(7)).Ended(AttemptEnd.Crashed, "so", Start.AddMinutes(10));
        status = status.Begun("host/2", 1, Start).Ended(AttemptEnd.Released, "so", Start.AddMinutes(10));
        status = status.Begun("host/3", 1, Start).Kept(Start.AddMinutes(4)).Heard(null, 1, Start.AddMinutes(5));
        status = status with { Attempts = [.. status.Attempts.SkipLast(1), status.Attempts[^1].Known(null)] };
        status = status.Begun("host/4", 1, Start).Kept(Start.AddMinutes(2));

        Assert.Equal((TimeSpan.FromMinutes(25), TimeSpan.FromMinutes(14)), status.BeforeTheLast());
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), New.Begun("host/1", 1, Start).BeforeTheLast());
    }

    [Fact]
    public void Also_that_of_attempts_that_are_not_listed_any_more()
    {
        var status = New;
        for (var attempt = 1; attempt <= 120; attempt++)
        {
            status = status.Begun("host/1", 1, Start).Kept(Start.AddSeconds(20)).Ended(AttemptEnd.Released, "so", Start.AddMinutes(1));
        }

        Assert.Equal((TimeSpan.FromMinutes(120), TimeSpan.FromSeconds(120 * 40)), status.Begun("host/1", 1, Start).BeforeTheLast());
    }

    private static RunStatus Attempt(RunStatus status, AttemptEnd end) => status.Begun("host/1", 1, Start).Ended(end, "so", Start.AddMinutes(1));
}
