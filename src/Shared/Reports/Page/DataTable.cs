namespace ReidCloud.Reports.Page;

/// <summary>A table with a caption; the first column names its rows. All but the first <paramref name="words"/> columns are numbers and stand at the right.</summary>
internal sealed class DataTable(string caption, int words, params string[] columns)
{
    /// <summary>Every column is words, which may take several lines.</summary>
    public const int AllWords = 9;

    private readonly List<Markup> _rows = [];

    /// <summary>Many columns, of which words may take several lines.</summary>
    public bool IsDense { get; init; }

    public bool IsEmpty => _rows.Count == 0;

    public DataTable Row(Markup name, params IEnumerable<Markup> cells)
    {
        _rows.Add(Markup.Of($"""<tr><th scope="row">{name}</th>{cells.Select(cell => Markup.Of($"<td>{cell}</td>"))}</tr>"""));
        return this;
    }

    public DataTable Row(string name, params IEnumerable<string> cells) => Row(Markup.Of($"{name}"), cells.Select(cell => Markup.Of($"{cell}")));

    public Markup Draw() => IsEmpty ? Markup.Empty : Markup.Of(
        $"""
        <div class="scroll" role="region" tabindex="0" aria-label="{caption}"><table class="w{words}{(IsDense ? " dense" : "")}"><caption>{caption}</caption>
        <thead><tr>{columns.Select(column => Markup.Of($"""<th scope="col">{column}</th>"""))}</tr></thead>
        <tbody>{_rows}</tbody></table></div>

        """);
}
