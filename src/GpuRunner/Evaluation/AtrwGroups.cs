using ReidCloud.Reports;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// ATRW's own figures (spec §4.3): apart for entities that one camera saw and that several saw, by the official scorer's rules. A query whose precision is
/// undefined counts as 0, and every figure is divided by all queries of the group. A group without a query is left out.
/// </summary>
internal sealed class AtrwGroups(IReadOnlyList<Sighting> queries)
{
    private readonly HashSet<int> _crossCamera = [.. queries
        .GroupBy(query => query.Identity)
        .Where(entity => entity.Select(query => query.Camera).Distinct().Count() > 1)
        .Select(entity => entity.Key)];

    private readonly Sums _single = new("single-camera");
    private readonly Sums _cross = new("cross-camera");

    public IReadOnlyList<QueryGroup> Figures => [.. new[] { _single, _cross }.Where(group => group.Queries > 0).Select(group => group.Figures)];

    /// <summary>The challenge's overall figure, mmAP; null without both groups.</summary>
    public double? MeanMap => Figures is [var single, var cross] ? (single.MapStandard + cross.MapStandard) / 2 : null;

    public void Add(Sighting query, QueryRanks ranks) => (_crossCamera.Contains(query.Identity) ? _cross : _single).Add(ranks);

    private sealed class Sums(string name)
    {
        private int _first;
        private int _firstFive;
        private double _precision;

        public int Queries { get; private set; }

        public QueryGroup Figures => new(name, Queries, (double)_first / Queries, (double)_firstFive / Queries, _precision / Queries);

        public void Add(QueryRanks ranks)
        {
            Queries++;
            if (ranks.HasMatch)
            {
                _first += ranks.First < 1 ? 1 : 0;
                _firstFive += ranks.First < 5 ? 1 : 0;
                _precision += ranks.StandardPrecision();
            }
        }
    }
}
