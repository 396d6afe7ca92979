namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Makes one thing for each position of a run, and works ahead: while one is used, the next ones are made on other threads. What was made for a position that is not asked for is disposed.
/// </summary>
/// <param name="stepsIn">How many an epoch has.</param>
/// <param name="make">For an epoch and a step, counted from 0.</param>
internal sealed class ReadAhead<T>(int epochs, Func<int, int> stepsIn, Func<int, int, T> make) : IDisposable
    where T : IDisposable
{
    /// <summary>
    /// In the making besides the one asked for. A batch of MARS (8 × 4 × 8 frames) has 100 MB. Nothing decodes further ahead: all cores decode a batch's frames, several times faster than a GPU trains
    /// on them, and where the cores train themselves they would only be kept from it.
    /// </summary>
    private const int Ahead = 2;

    private readonly Dictionary<(int Epoch, int Step), Task<T>> _begun = [];

    /// <summary>What was made for the position. The caller disposes it. A fault in making it is thrown as it is.</summary>
    public T Take(int epoch, int step)
    {
        var wanted = Begin(epoch, step);
        _begun.Remove((epoch, step));
        var coming = Coming(epoch, step).ToList();
        foreach (var left in _begun.Keys.Except(coming).ToList())
        {
            Discard(left);
        }

        foreach (var (nextEpoch, nextStep) in coming)
        {
            _begun[(nextEpoch, nextStep)] = Begin(nextEpoch, nextStep);
        }

        return wanted.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        foreach (var begun in _begun.Keys.ToList())
        {
            Discard(begun);
        }
    }

    private Task<T> Begin(int epoch, int step) =>
        _begun.TryGetValue((epoch, step), out var begun) ? begun : Task.Run(() => make(epoch, step));

    /// <summary>The positions that follow, as far as reading ahead goes and the run lasts.</summary>
    private IEnumerable<(int Epoch, int Step)> Coming(int epoch, int step)
    {
        for (var ahead = 0; ahead < Ahead; ahead++)
        {
            if (++step == stepsIn(epoch))
            {
                (epoch, step) = (epoch + 1, 0);
            }

            if (epoch == epochs)
            {
                yield break;
            }

            yield return (epoch, step);
        }
    }

    /// <summary>What was read ahead and is not wanted any more. A fault in it is nobody's.</summary>
    private void Discard((int Epoch, int Step) position)
    {
        _begun.Remove(position, out var begun);
        Task.WhenAny(begun!).Wait();
        if (begun!.IsCompletedSuccessfully)
        {
            begun.Result.Dispose();
        }
    }
}
