using System.Globalization;
using ReidCloud.Runs;

namespace ReidCloud.GpuRunner;

/// <summary>The run that a runner owns, the lease by which it does, and the attempt it is at; 0 before that is written down.</summary>
internal sealed record OwnedRun(RunId Run, int Attempt, string Lease)
{
    public static OwnedRun? Parse(string words) =>
        words.Split(' ') is [var run, var attempt, var lease] ? new OwnedRun(RunId.Parse(run), int.Parse(attempt, CultureInfo.InvariantCulture), lease) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Run} {Attempt} {Lease}");
}
