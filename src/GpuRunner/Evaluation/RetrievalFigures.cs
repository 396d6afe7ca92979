using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Collects the ranks of queries into the figures of a retrieval setting. Queries without a match are counted and left out of every average. All
/// sums are in double precision and in the order of the queries.
/// </summary>
/// <param name="longest">No CMC curve has more ranks.</param>
internal sealed class RetrievalFigures(int gallery, int longest = RetrievalFigures.LongestCmc)
{
    private const int LongestCmc = 50;

    private readonly int[] _firstMatches = new int[Math.Min(longest, gallery)];
    private readonly List<QueryFigures?> _queries = [];
    private int _withMatch;
    private double _trapezoidal;
    private double _standard;
    private double _inverseNegativePenalty;
    private int _tied;
    private double _trapezoidalByThreshold;
    private double _standardByThreshold;

    /// <summary>How many ranks a CMC curve has.</summary>
    public int Ranks => _firstMatches.Length;

    public RankTies Ties => new(_tied, Mean(_trapezoidalByThreshold), Mean(_standardByThreshold));

    /// <summary>What each query added.</summary>
    public IReadOnlyList<QueryFigures?> Queries => _queries;

    public void Add(QueryRanks ranks)
    {
        var query = QueryFigures.Of(ranks);
        _queries.Add(query);
        if (query is not { } figures)
        {
            return;
        }

        _withMatch++;
        _trapezoidal += figures.MapTrapezoidal;
        _standard += figures.MapStandard;
        _inverseNegativePenalty += figures.Minp;
        _tied += ranks.IsTied ? 1 : 0;
        var (trapezoidal, standard) = ranks.ThresholdPrecision();
        _trapezoidalByThreshold += trapezoidal;
        _standardByThreshold += standard;
        if (ranks.First < _firstMatches.Length)
        {
            _firstMatches[ranks.First]++;
        }
    }

    /// <param name="seed">Of the error bars.</param>
    public SettingMetrics Of(RetrievalSetting setting, long seed)
    {
        var cmc = Cmc();
        return new SettingMetrics(
            setting, _queries.Count, _withMatch, gallery, At(cmc, 1), At(cmc, 5), At(cmc, 10), Mean(_trapezoidal), Mean(_standard),
            Mean(_inverseNegativePenalty)) { Cmc = cmc, Intervals = QueryFigures.Intervals(_queries, seed) };
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
