using ReidCloud.Datasets;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ReidCloud.Cli.Progress;

/// <summary>Bars that are redrawn in place.</summary>
internal sealed class LiveBars(Terminal terminal) : Bars
{
    private ProgressContext? _context;

    public override Task<T> ShowAsync<T>(Func<Bars, Task<T>> work) =>
        terminal.Err.Progress()
            .AutoRefresh(true)
            .HideCompleted(false)
            .Columns(
                new SpinnerColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 24 },
                new PercentageColumn(),
                new StateColumn(remaining: true),
                new StateColumn(remaining: false))
            .StartAsync(context =>
            {
                _context = context;
                return work(this);
            });

    public override Bar Add(string title)
    {
        var task = (_context ?? throw new InvalidOperationException("bars are added inside ShowAsync")).AddTask(Markup.Escape(ForeignText.Printable(title)));
        task.IsIndeterminate = true;
        return new LiveBar(task);
    }

    private readonly record struct Told(string? Detail, string? Remaining);

    private sealed class LiveBar(ProgressTask task) : Bar
    {
        public override void Show(double? fraction, string detail, TimeSpan? remaining = null)
        {
            task.IsIndeterminate = fraction is null;
            task.Value = Math.Min(99.9, (fraction ?? 0) * task.MaxValue);
            Tell(detail, remaining is null ? "" : $"{Words.Duration(remaining)} left");
        }

        public override void Finish(string detail, bool success = true)
        {
            task.IsIndeterminate = false;
            task.Value = success ? task.MaxValue : task.Value;
            Tell(detail, Words.Duration(task.ElapsedTime));
            task.StopTask();
        }

        private void Tell(string detail, string remaining) => task.State.Update<Told>(nameof(Told), _ => new Told(ForeignText.Printable(detail), remaining));
    }

    /// <summary>A column that shows what the bar was last told.</summary>
    private sealed class StateColumn(bool remaining) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var told = task.State.Get<Told>(nameof(Told));
            return new Text((remaining ? told.Remaining : told.Detail) ?? "", remaining ? new Style(Color.Aqua) : Style.Plain);
        }
    }
}
