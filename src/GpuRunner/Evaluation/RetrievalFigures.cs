using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Collects the ranks of queries into the figures of a retrieval setting. Queries without a match are counted and left out of every average. All
/// sums are in double precision and in the order of the queries.
/// </summary>
internal sealed class RetrievalFigures(int gallery)
{
    private const int LongestCmc = 50;

    private readonly int[] _firstMatches = new int[Math.Min(LongestCmc, gallery)];
    private int _queries;
    private int _withMatch;
    private double _trapezoidal;
    private double _standard;
    private double _inverseNegativePenalty;

    public void Add(QueryRanks ranks)
    {
        _queries++;
        if (!ranks.HasMatch)
        {
            return;
        }

        _withMatch++;
        _trapezoidal += ranks.TrapezoidalPrecision();
        _standard += ranks.StandardPrecision();
        _inverseNegativePenalty += ranks.InverseNegativePenalty();
        if (ranks.First < _firstMatches.Length)
        {
            _firstMatches[ranks.First]++;
        }
    }

    public SettingMetrics Of(RetrievalSetting setting)
    {
        var cmc = Cmc();
        return new SettingMetrics(
            setting, _queries, _withMatch, gallery, At(cmc, 1), At(cmc, 5), At(cmc, 10), Mean(_trapezoidal), Mean(_standard),
            Mean(_inverseNegativePenalty)) { Cmc = cmc };
    }

    private double[] Cmc()
    {
        var cmc = new double[_firstMatches.Length];
        var found = 0;
        for (var rank = 0; rank < cmc.Length; rank++)
        {
            found += _firstMatches[rank];
            cmc[rank] = Mean(found);
        }

        return cmc;
    }

    /// <summary>A gallery smaller than the rank: all that can be found has been found at its end.</summary>
    private static double At(double[] cmc, int rank) => cmc.Length == 0 ? 0 : cmc[Math.Min(rank, cmc.Length) - 1];

    private double Mean(double sum) => _withMatch == 0 ? 0 : sum / _withMatch;
}
