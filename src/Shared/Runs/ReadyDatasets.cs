using System.Collections.Concurrent;
using ReidCloud.Datasets;

namespace ReidCloud.Runs;

/// <summary>
/// Data sets that this process has lately read to be ready. They do not change any more, so a burst of submissions reads each once; a minute later it is
/// read again, in case an operator took it away.
/// </summary>
internal sealed class ReadyDatasets(TimeProvider time)
{
    private const int Most = 100;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (CommitStatus Commit, long ReadAt)> _ready = new(StringComparer.Ordinal);

    /// <summary>Null: unknown, or too long ago.</summary>
    public CommitStatus? Find(string dataset) =>
        _ready.TryGetValue(dataset, out var known) && time.GetElapsedTime(known.ReadAt) < Memory ? known.Commit : null;

    /// <summary>Remembers it if it is ready. Returns what it was given.</summary>
    public CommitStatus? Remember(string dataset, CommitStatus? commit)
    {
        if (commit is { State: DatasetState.Ready })
        {
            if (_ready.Count >= Most)
            {
                _ready.Clear();
            }

            _ready[dataset] = (commit, time.GetTimestamp());
        }

        return commit;
    }
}
