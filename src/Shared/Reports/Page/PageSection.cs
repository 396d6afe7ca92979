namespace ReidCloud.Reports.Page;

/// <summary>A part of the page under a heading of its own, to which its contents list leads.</summary>
internal sealed record PageSection(string Id, string Title, Markup Body)
{
    /// <summary>Null where there is nothing to say, so that no page has an empty heading.</summary>
    public static PageSection? Of(string id, string title, params IEnumerable<Markup> parts) =>
        Markup.Join(parts) is { IsEmpty: false } body ? new PageSection(id, title, body) : null;

    public Markup Draw() => Markup.Of(
        $"""
        <section id="{Id}" aria-labelledby="{Id}-title">
        <h2 id="{Id}-title">{Title}</h2>
        {Body}
        </section>

        """);
}
