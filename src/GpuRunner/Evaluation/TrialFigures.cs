using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Collects how queries were found in each trial's gallery into figures: means over the trials, of means over the queries with a match. Sums are in double precision, in the order of the
/// trials and the queries.
/// </summary>
internal sealed class TrialFigures(TrialForm form)
{
    /// <summary>No CMC curve has more ranks: SYSU-MM01's have 96 and 56.</summary>
    private const int LongestCmc = 100;

    private static readonly int[] Ranks = [1, 5, 10];

    private readonly int[][] _firstMatches = [.. form.Trials.Select(trial => new int[Math.Min(LongestCmc, trial.Identities)])];
    private readonly double[][] _sums = [.. form.Trials.Select(_ => new double[3])];
    private readonly int[] _withMatch = new int[form.Trials.Count];
    private readonly List<QueryFigures?> _queries = [];

    /// <summary>One query, as it was found in the gallery of each trial.</summary>
    public void Add(IReadOnlyList<(QueryRanks Ranks, int IdentitiesBefore)> found)
    {
        var (matched, precision, within) = (0, new double[3], new double[Ranks.Length]);
        for (var trial = 0; trial < found.Count; trial++)
        {
            var (ranks, before) = found[trial];
            if (!ranks.HasMatch)
            {
                continue;
            }

            matched++;
            _withMatch[trial]++;
            double[] figures = [ranks.TrapezoidalPrecision(), ranks.StandardPrecision(), ranks.InverseNegativePenalty()];
            for (var figure = 0; figure < figures.Length; figure++)
            {
                _sums[trial][figure] += figures[figure];
                precision[figure] += figures[figure];
            }

            if (before < _firstMatches[trial].Length)
            {
                _firstMatches[trial][before]++;
            }

            for (var rank = 0; rank < Ranks.Length; rank++)
            {
                within[rank] += before < Ranks[rank] ? 1 : 0;
            }
        }

        var first = found.FirstOrDefault(trial => trial.Ranks.HasMatch).IdentitiesBefore + 1;
        _queries.Add(matched == 0
            ? null
            : new QueryFigures(first, precision[0] / matched, precision[1] / matched, precision[2] / matched) { Found = Array.ConvertAll(within, sum => sum / matched) });
    }

    /// <param name="seed">Of the error bars.</param>
    public SettingFigures Of(RetrievalSetting setting, long seed)
    {
        double[][] curves = [.. _firstMatches.Select((_, trial) => Cmc(trial))];
        double[][] sums = [.. _sums.Select((sum, trial) => Array.ConvertAll(sum, figure => Share(figure, trial)))];
        double Mean(Func<int, double> of) => Enumerable.Range(0, curves.Length).Average(of);
        double Deviation(Func<int, double> of) =>
            Math.Sqrt(Enumerable.Range(0, curves.Length).Sum(trial => Math.Pow(of(trial) - Mean(of), 2)) / (curves.Length - 1));
        double At(int trial, int rank) => curves[trial].Length == 0 ? 0 : curves[trial][Math.Min(rank, curves[trial].Length) - 1];
        var metrics = new SettingMetrics(
            setting, _queries.Count, _queries.Count(query => query is not null), form.Trials[0].Count,
            Mean(trial => At(trial, 1)), Mean(trial => At(trial, 5)), Mean(trial => At(trial, 10)),
            Mean(trial => sums[trial][0]), Mean(trial => sums[trial][1]), Mean(trial => sums[trial][2]))
        {
            Variant = RetrievalVariant.Named(form.Variant),
            Cmc = [.. Enumerable.Range(1, curves.Max(curve => curve.Length)).Select(rank => Mean(trial => At(trial, rank)))],
            Intervals = QueryFigures.Intervals(_queries, seed),
            Trials = new TrialSpread(curves.Length)
            {
                Rank1 = Spread(trial => At(trial, 1)),
                Rank5 = Spread(trial => At(trial, 5)),
                Rank10 = Spread(trial => At(trial, 10)),
                MapTrapezoidal = Spread(trial => sums[trial][0]),
                MapStandard = Spread(trial => sums[trial][1]),
                Minp = Spread(trial => sums[trial][2]),
            },
        };
        return new SettingFigures(metrics, _queries);

        double? Spread(Func<int, double> of) => curves.Length < 2 ? null : Deviation(of);
    }

    private double[] Cmc(int trial)
    {
        var (cmc, found) = (new double[_firstMatches[trial].Length], 0);
        for (var rank = 0; rank < cmc.Length; rank++)
        {
            found += _firstMatches[trial][rank];
            cmc[rank] = Share(found, trial);
        }

        return cmc;
    }

    private double Share(double sum, int trial) => _withMatch[trial] == 0 ? 0 : sum / _withMatch[trial];
}
