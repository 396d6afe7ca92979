using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using ReidCloud.Datasets;

namespace ReidCloud.Reports.Page;

/// <summary>A piece of HTML that is well-formed XML, too. What is interpolated into one is escaped, unless it is one itself: there is no other way in.</summary>
internal readonly struct Markup
{
    private readonly string? _text;

    private Markup(string text) => _text = text;

    public static Markup Empty => default;

    public bool IsEmpty => string.IsNullOrEmpty(_text);

    public static Markup Of(MarkupBuilder builder) => new(builder.ToString());

    /// <summary>What the program itself brings along: its style sheet.</summary>
    public static Markup Own(string text) => new(text);

    public static Markup Join(IEnumerable<Markup> pieces) => new(string.Concat(pieces.Select(piece => piece._text)));

    /// <summary>Text of several lines, for a place where they stay lines.</summary>
    public static Markup Lines(string text) => new(string.Join('\n', text.Split('\n').Select(line => Of($"{line}")._text)));

    /// <summary>What people wrote or named, whatever its direction, cut where it is longer than any name should be.</summary>
    public static Markup Name(string? text) => text is null ? Empty : Of($"<bdi>{ForeignText.Short(text, LongestName)}</bdi>");

    public override string ToString() => _text ?? "";

    public const int LongestName = 80;
}

/// <summary>Puts interpolated markup together.</summary>
[InterpolatedStringHandler]
internal readonly struct MarkupBuilder(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 8));

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(Markup markup) => _text.Append(markup.ToString());

    public void AppendFormatted(IEnumerable<Markup> pieces)
    {
        foreach (var piece in pieces)
        {
            _text.Append(piece.ToString());
        }
    }

    public void AppendFormatted(int number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

    /// <summary>A place in a drawing: a tenth of a pixel is as fine as anyone sees.</summary>
    public void AppendFormatted(double place) => _text.Append(CultureInfo.InvariantCulture, $"{place:0.#}");

    public void AppendFormatted(string? text)
    {
        foreach (var letter in ForeignText.Printable(text ?? ""))
        {
            _ = letter switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\'' => _text.Append("&#39;"),
                '\uFFFE' or '\uFFFF' => _text.Append('?'),
                _ => _text.Append(letter),
            };
        }
    }

    public override string ToString() => _text.ToString();
}
