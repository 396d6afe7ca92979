namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Where the matches of one query stand in its gallery, junk left out: 0-based ranks in ascending order, empty for a query without a match.
/// <see cref="Nearest"/> is the gallery index that ranks first, −1 when nothing but junk is there.
/// </summary>
internal readonly record struct QueryRanks(int Nearest, int[] Matches)
{
    /// <summary>Of each match, how many items are nearer, and how many at most as far; null where no two items tie with a match, so that this says no more than the ranks.</summary>
    public (int Nearer, int Within)[]? Thresholds { get; init; }

    /// <summary>Whether something that is no match is exactly as far as a match.</summary>
    public bool IsTied
    {
        get
        {
            for (var match = 0; Thresholds is not null && match < Matches.Length; match++)
            {
                var (nearer, within) = Thresholds[match];
                if (Thresholds.Count(threshold => threshold.Nearer == nearer) < within - nearer)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public bool HasMatch => Matches.Length > 0;

    public int First => Matches[0];

    /// <summary>
    /// Average precision as the tools of Market-1501, MARS and VeRi compute it: at each match, the mean of the precision before and after it
    /// (1 before the first rank). Spec of VKD §7.3.
    /// </summary>
    public double TrapezoidalPrecision()
    {
        var sum = 0.0;
        for (var match = 0; match < Matches.Length; match++)
        {
            double rank = Matches[match];
            var before = rank > 0 ? match / rank : 1;
            sum += (before + ((match + 1) / (rank + 1))) / 2;
        }

        return sum / Matches.Length;
    }

    /// <summary>Average precision as textbooks define it: the mean of the precision at each match.</summary>
    public double StandardPrecision()
    {
        var sum = 0.0;
        for (var match = 0; match < Matches.Length; match++)
        {
            sum += (match + 1) / (Matches[match] + 1.0);
        }

        return sum / Matches.Length;
    }

    /// <summary>
    /// Average precision where equal distances are one threshold, so that the gallery's order decides nothing: the area under precision over recall by trapezoids
    /// (scikit-learn 0.18.1, which AlignedReID's published figures use) and by steps (later versions). AlignedReID §10.2.
    /// </summary>
    public (double Trapezoidal, double Standard) ThresholdPrecision()
    {
        if (Thresholds is null)
        {
            return (TrapezoidalPrecision(), StandardPrecision());
        }

        var (trapezoids, steps) = (0.0, 0.0);
        for (var match = 0; match < Matches.Length;)
        {
            var after = match + 1;
            while (after < Matches.Length && Thresholds[after] == Thresholds[match])
            {
                after++;
            }

            var (nearer, within) = Thresholds[match];
            var before = nearer > 0 ? (double)match / nearer : 1;
            var precision = (double)after / within;
            trapezoids += (after - match) * (before + precision) / 2;
            steps += (after - match) * precision;
            match = after;
        }

        return (trapezoids / Matches.Length, steps / Matches.Length);
    }

    /// <summary>Inverse negative penalty: the precision at the hardest match. Its mean is mINP (Ye et al., 2021).</summary>
    public double InverseNegativePenalty() => Matches.Length / (Matches[^1] + 1.0);
}
