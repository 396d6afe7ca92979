namespace ReidCloud.Reports;

/// <summary>
/// What of a run's events came to stay: an attempt goes on from a checkpoint, and what an earlier one told of steps behind it was done again. Of evaluations of one
/// epoch the last counts. Only events with figures are here: steps, epochs, evaluations.
/// </summary>
public static class LastingEvents
{
    /// <param name="events">Of all attempts, oldest first.</param>
    public static IReadOnlyList<RunEvent> Of(IEnumerable<RunEvent> events)
    {
        var lasting = new List<RunEvent>();
        var (begins, from) = (false, (Epoch: 0, Step: 0));
        foreach (var happened in events)
        {
            switch (happened.Kind)
            {
                case RunEventKind.Claimed:
                    (begins, from) = (true, (0, 0));
                    break;
                case RunEventKind.Resumed:
                    from = (happened.Epoch ?? 0, happened.Step ?? 0);
                    break;
                case RunEventKind.Step or RunEventKind.Epoch or RunEventKind.Evaluation when happened.Values is not null:
                    if (begins)
                    {
                        lasting.RemoveAll(old => Place(old).CompareTo(from) > 0 || from == (0, 0));
                        begins = false;
                    }

                    if (happened.Kind == RunEventKind.Evaluation)
                    {
                        lasting.RemoveAll(old => old.Kind == RunEventKind.Evaluation && old.Epoch == happened.Epoch);
                    }

                    lasting.Add(happened);
                    break;
            }
        }

        return lasting;
    }

    private static (int Epoch, int Step) Place(RunEvent happened) =>
        (happened.Epoch ?? 0, happened.Kind == RunEventKind.Step ? happened.Step ?? 0 : 0);
}
