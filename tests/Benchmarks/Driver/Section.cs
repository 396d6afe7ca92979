using System.Globalization;
using System.Text;
using ReidCloud.Tests.Docs.Pages;

namespace ReidCloud.Benchmarks;

/// <summary>A measurement's part of docs/benchmarks.md. It says itself when, at which commit and on what it was taken, because sections are renewed one by one.</summary>
internal sealed record Section(string Name, string Title, IReadOnlyList<Figure> Figures, Machine Machine, string Commit, DateTimeOffset At)
{
    /// <summary>Nothing of it could be measured here.</summary>
    public bool IsMissing => Figures.All(figure => figure.Missing is not null && double.IsNaN(figure.Ours));

    /// <param name="usual">The machine that the page's head describes.</param>
    public string Markdown(Machine? usual)
    {
        var text = new StringBuilder($"## {Title}\n\n").Append(MarkdownTable.Of(FigureText.Columns, Figures.Select(FigureText.Cells))).Append('\n');
        foreach (var figure in Figures)
        {
            foreach (var note in new[] { figure.Missing, figure.BoundBy }.OfType<string>())
            {
                text.Append($"- {figure.What}: {note}\n");
            }
        }

        return text.Append(Figures.Any(figure => figure.Missing is not null || figure.BoundBy is not null) ? "\n" : "")
            .Append(CultureInfo.InvariantCulture, $"`./reid bench {Name}`, {At.UtcDateTime:yyyy-MM-dd HH:mm} UTC, commit {Commit}, on {(Machine == usual ? "the machine above" : Machine.Summary)}.\n")
            .ToString();
    }
}
