using System.Collections.Concurrent;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>Specs of runs that this process has lately read or written: they are written once, so whoever shows a run for the second time reads its status alone.</summary>
internal sealed class KnownSpecs
{
    private const int Most = 2000;
    private readonly ConcurrentDictionary<RunId, RunSpec> _specs = new();

    public RunSpec? Find(RunId run) => _specs.GetValueOrDefault(run);

    public void Remember(RunId run, RunSpec spec)
    {
        if (_specs.Count >= Most)
        {
            _specs.Clear();
        }

        _specs[run] = spec;
    }
}
