namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Where the matches of one query stand in its gallery, junk left out: 0-based ranks in ascending order, empty for a query without a match.
/// <see cref="Nearest"/> is the gallery index that ranks first, −1 when nothing but junk is there.
/// </summary>
internal readonly record struct QueryRanks(int Nearest, int[] Matches)
{
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

    /// <summary>Inverse negative penalty: the precision at the hardest match. Its mean is mINP (Ye et al., 2021).</summary>
    public double InverseNegativePenalty() => Matches.Length / (Matches[^1] + 1.0);
}
