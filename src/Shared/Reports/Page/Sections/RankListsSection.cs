using System.Globalization;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>
/// What was found, as pictures: right answers with a check mark in a whole green frame, wrong ones with a cross in a broken red one. As many lists as a page of a few megabytes
/// holds, some of each kind.
/// </summary>
internal static class RankListsSection
{
    /// <summary>Of encoded pictures; in the page they take a third more.</summary>
    private const long MostBytes = 2_400_000;

    public static PageSection? Of(ReportInsights insights, ModelTitles titles)
    {
        var (chosen, more) = Chosen(insights.Settings);
        return PageSection.Of("ranks", "Rank lists", [.. insights.Settings.Select(setting => Setting(setting, chosen, titles)), More(more)]);
    }

    /// <summary>The first of every kind and setting, then the second ones, and so on, until the page is full.</summary>
    private static (HashSet<RankList> Chosen, int More) Chosen(IReadOnlyList<SettingInsights> settings)
    {
        var turns = settings.SelectMany(setting => setting.RankLists.GroupBy(list => list.Kind).SelectMany(kind => kind.Select((list, turn) => (list, turn)))).OrderBy(one => one.turn).Select(one => one.list).ToList();
        HashSet<RankList> chosen = new(ReferenceEqualityComparer.Instance);
        var bytes = 0L;
        foreach (var list in turns)
        {
            bytes += list.Found.Concat(list.AgainstFound).Append(list.Query).Sum(item => (long)item.Picture.Bytes.Length);
            if (bytes > MostBytes)
            {
                break;
            }

            chosen.Add(list);
        }

        return (chosen, turns.Count - chosen.Count);
    }

    private static Markup Setting(SettingInsights setting, HashSet<RankList> chosen, ModelTitles titles)
    {
        var lists = setting.RankLists.Where(chosen.Contains).ToList();
        return lists.Count == 0 ? Markup.Empty : Markup.Of($"<h3>{RetrievalTitle.Of(setting.Setting, setting.Variant)}</h3>{lists.OrderBy(list => list.Kind).Select(list => Card(list, titles))}");
    }

    private static Markup Card(RankList list, ModelTitles titles)
    {
        var strips = list.AgainstFound.Count == 0
            ? Strip(list.Found)
            : Markup.Of($"""<h5>{titles.First}</h5>{Strip(list.Found)}<h5>{titles.Second}</h5>{Strip(list.AgainstFound)}""");
        var beside = list.AgainstPrecisionStandard is { } against ? $"{titles.First} {Amounts.Percent(list.PrecisionStandard)}, {titles.Second} {Amounts.Percent(against)}" : Amounts.Percent(list.PrecisionStandard);
        return Markup.Of(
            $"""
            <article class="ranks"><h4>{Kind(list.Kind, titles)}: identity {Markup.Name(list.Query.Identity)} in camera {Markup.Name(list.Query.Camera)}</h4><p class="note">Average precision {beside}</p>
            <div class="found"><div class="asked">{PictureTag.Of(list.Query.Picture, $"Query: {PictureTag.Named(list.Query.Identity, list.Query.Camera)}")}<span>query</span></div><div>{strips}</div></div></article>

            """);
    }

    private static Markup Strip(IReadOnlyList<RankedItem> found) => Markup.Of($"""<ol class="strip">{found.Select((item, i) => Item(item, i + 1))}</ol>""");

    private static Markup Item(RankedItem item, int rank)
    {
        var distance = item.Distance is { } known ? known.ToString("0.000", CultureInfo.InvariantCulture) : "";
        var alt = $"Rank {rank}, {(item.IsMatch ? "right" : "wrong")}: {PictureTag.Named(item.Identity, item.Camera)}{(distance.Length > 0 ? $", distance {distance}" : "")}";
        return Markup.Of(
            $"""<li class="{(item.IsMatch ? "right" : "wrong")}">{PictureTag.Of(item.Picture, alt)}<b>{(item.IsMatch ? "✓" : "✗")} {rank}</b> {distance}<br/>{(item.Identity is null ? Markup.Of($"distractor") : Markup.Name(item.Identity))} · {Markup.Name(item.Camera)}</li>""");
    }

    private static string Kind(RankListKind kind, ModelTitles titles) => kind switch
    {
        RankListKind.Best => "Among the best",
        RankListKind.Median => "In the middle",
        RankListKind.Worst => "Among the worst",
        RankListKind.Won => $"Won by the {titles.First}",
        RankListKind.Lost => $"Lost by the {titles.First}",
    };

    private static Markup More(int more) => more == 0 ? Markup.Empty : Markup.Of($"""<p class="note">{Amounts.Count(more)} more rank lists are in {RunFileName.Insights}.</p>""");
}
