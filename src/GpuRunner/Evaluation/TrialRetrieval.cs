using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// SYSU-MM01's protocol (datasets, §1.4): every infrared query is searched for in galleries of one or ten images of each identity by each visible camera, drawn ten times, all cameras'
/// or those of the indoor ones. One pass over the distances to all images serves every gallery.
/// </summary>
internal sealed class TrialRetrieval
{
    private readonly IReadOnlyList<TrialForm> _forms;
    private readonly long _seed;
    private readonly Action? _beat;

    /// <param name="forms">In the order of a report; all of galleries of the same images.</param>
    public TrialRetrieval(IReadOnlyList<TrialForm> forms, Sighting[] queries, long seed, Action? beat = null)
    {
        (_forms, _seed, _beat) = (forms, seed, beat);
        int[] cameras = [.. queries.Select(query => query.Camera).Distinct()];
        foreach (var gallery in forms.SelectMany(form => form.Trials))
        {
            gallery.Prepare(cameras);
        }
    }

    /// <param name="keep">Is handed the distances, whole rows in the order of the queries, before they are ranked.</param>
    public IReadOnlyList<SettingFigures> Measure(RetrievalSetting setting, SearchedRows search, Action<ReadOnlyMemory<float>>? keep = null, CancellationToken stop = default)
    {
        TrialFigures[] figures = [.. _forms.Select(form => new TrialFigures(form))];
        foreach (var tile in search.Read(stop))
        {
            keep?.Invoke(tile.Distances_QG);
            var found = new (QueryRanks, int)[tile.Count][][];
            Parallel.For(0, tile.Count, row =>
                found[row] = [.. _forms.Select(form => form.Trials.Select(gallery => gallery.Find(tile.Row(row), search.Queries[tile.First + row])).ToArray())]);
            foreach (var query in found)
            {
                foreach (var (form, trials) in query.Index())
                {
                    figures[form].Add(trials);
                }
            }

            _beat?.Invoke();
        }

        return [.. figures.Select(form => form.Of(setting, _seed))];
    }
}
