namespace ReidCloud.Reports.Page;

/// <summary>What every page of ours is: head, a way past the head for keyboards, contents, and one main part with its sections.</summary>
internal static class PageFrame
{
    /// <summary>Nothing may run, nothing may be fetched, and only this very style sheet counts.</summary>
    private static readonly string Policy = $"default-src 'none'; style-src '{PageStyle.Hash}'; img-src data:; base-uri 'none'; form-action 'none'";

    public static string Write(string title, Markup opening, IReadOnlyList<PageSection> sections, Markup footer) => Markup.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta http-equiv="Content-Security-Policy" content="{Policy}"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <meta name="referrer" content="no-referrer"/>
        <link rel="icon" href="data:,"/>
        <title>{title}</title>
        <style>{Markup.Own(PageStyle.Text)}</style>
        </head>
        <body>
        <a class="skip" href="#main">Skip to the report</a>
        <header><h1>{title}</h1></header>
        <nav aria-label="Contents"><ul>{sections.Select(section => Markup.Of($"""<li><a href="#{section.Id}">{section.Title}</a></li>"""))}</ul></nav>
        <main id="main" tabindex="-1">
        <div class="opening">{opening}</div>
        {sections.Select(section => section.Draw())}</main>
        <footer>{footer}</footer>
        </body>
        </html>

        """).ToString();

    /// <summary>What must be known first, before any figure.</summary>
    public static Markup Warnings(IReadOnlyList<string> warnings) => warnings.Count == 0 ? Markup.Empty : Markup.Of(
        $"""<div class="warnings" role="note" aria-label="Warnings"><p><strong>⚠ {(warnings.Count == 1 ? "A warning" : $"{Amounts.Count(warnings.Count)} warnings")}</strong></p><ul>{warnings.Select(warning => Markup.Of($"<li>{warning}</li>"))}</ul></div>""");

    /// <summary>On what terms the figures came about, where those are not the usual ones.</summary>
    public static Markup Terms(IReadOnlyList<string> terms) => terms.Count == 0 ? Markup.Empty : Markup.Of(
        $"""<div class="warnings" role="note" aria-label="How it was measured">{terms.Select(term => Markup.Of($"<p><strong>⚠ {term[..(term.IndexOf(':', StringComparison.Ordinal) is var end and > 0 ? end + 1 : 0)]}</strong>{term[(term.IndexOf(':', StringComparison.Ordinal) + 1)..]}</p>"))}</div>""");

    /// <summary>Figures stay on one line.</summary>
    public static string Unbroken(string sentence) =>
        sentence.Replace(" %", "\u00A0%", StringComparison.Ordinal).Replace("–", "\u2060–\u2060", StringComparison.Ordinal);
}
