using ReidCloud.Cli.Api;
using ReidCloud.Cli.Display;
using ReidCloud.Runs;

namespace ReidCloud.Cli.Progress;

/// <summary>Follows runs until all are final: state, epoch, losses, images per second and remaining time, as the runs tell them.</summary>
internal sealed class RunWatch(ReidClient client, Terminal terminal)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(700);

    /// <summary>The final views, in the order asked.</summary>
    public Task<IReadOnlyList<RunView>> UntilFinalAsync(
        IReadOnlyList<(string Title, RunId Run)> runs, bool losses, CancellationToken cancellationToken) =>
        Bars.On(terminal).ShowAsync(async bars =>
        {
            var followed = runs.Select(run => new Followed(run.Run, bars.Add(run.Title), losses)).ToList();
            while (true)
            {
                foreach (var run in followed.Where(run => !run.IsOver))
                {
                    run.Saw(await client.RunAsync(run.Run, cancellationToken));
                }

                if (followed.All(run => run.IsOver))
                {
                    return (IReadOnlyList<RunView>)[.. followed.Select(run => run.View!)];
                }

                await Task.Delay(Interval, cancellationToken);
            }
        });

    private sealed class Followed(RunId run, Bar bar, bool losses)
    {
        private readonly Pace _pace = new(1);

        public RunId Run => run;
        public RunView? View { get; private set; }
        public bool IsOver => View?.Status.IsFinal == true;

        public void Saw(RunView view)
        {
            View = view;
            var fraction = RunText.Fraction(view);
            if (fraction is { } done)
            {
                _pace.Reached(done);
            }

            if (IsOver)
            {
                bar.Finish(RunText.Detail(view, losses), view.Status.State == RunState.Succeeded);
            }
            else
            {
                var running = view.Status.State == RunState.Running;
                bar.Show(fraction, RunText.Detail(view, losses), running ? RunText.Remaining(view) ?? _pace.Remaining : null);
            }
        }
    }
}
