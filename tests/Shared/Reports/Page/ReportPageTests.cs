using System.Text.RegularExpressions;
using System.Xml.Linq;
using ReidCloud.Reports;
using ReidCloud.Reports.Page;

namespace ReidCloud.Tests.Shared.Reports.Page;

public sealed partial class ReportPageTests
{
    private const int MostBytes = 5_000_000;
    private static readonly string[] Voids = ["br", "img", "link", "meta"];
    private static readonly string[] SectionsOfAll =
        ["figures", "cmc", "training", "queries", "cameras", "ranks", "attention", "map", "health", "gallery", "dataset", "cost", "lineage", "reproduce"];

    public static TheoryData<string> Samples => ["student", "plain", "explained", "matchless", "mutual", "camera-less"];

    [Fact]
    public void A_students_page_has_every_section_and_opens_with_the_answer()
    {
        var page = Page("student");

        Assert.Equal(SectionsOfAll, page.Descendants("section").Select(section => section.Attribute("id")!.Value));
        Assert.Equal(
            "The student is ahead of its teacher in image-to-video search on mars: mAP (standard) 77.2 % (75.5–78.8) against 73.4 % (71.6–75.0), 3.9 points more (95 %: +2.8 to +5.0, p < 0.001), over 1,838 queries.",
            page.Descendants("p").First(one => (string?)one.Attribute("class") == "answer").Value.Replace("\u2060", "", StringComparison.Ordinal).Replace('\u00A0', ' '));
    }

    [Theory]
    [InlineData("plain", "figures,cmc,training,dataset,cost,lineage,reproduce")]
    [InlineData("explained", "dataset,cost,lineage,reproduce")]
    [InlineData("matchless", "figures,dataset,cost,lineage,reproduce")]
    [InlineData("mutual", "figures,peers,cmc,roc,dataset,cost,lineage,reproduce")]
    [InlineData("camera-less", "figures,cmc,roc,dataset,cost,lineage,reproduce")]
    public void What_was_not_measured_leaves_no_husk(string sample, string sections)
    {
        var page = Page(sample);

        Assert.Equal(sections.Split(','), page.Descendants("section").Select(section => section.Attribute("id")!.Value));
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "figure" or "tbody" or "ul" or "ol" or "dl" or "div" or "p" && !element.Nodes().Any());
        Assert.DoesNotContain("NaN", page.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Its_contents_lead_to_its_sections(string sample)
    {
        var page = Page(sample);

        Assert.Equal(page.Descendants("section").Select(section => $"#{section.Attribute("id")!.Value}"), page.Descendants("nav").Descendants("a").Select(link => link.Attribute("href")!.Value));
        Assert.All(page.Descendants("section"), section => Assert.Equal(section.Attribute("aria-labelledby")!.Value, section.Elements("h2").Single().Attribute("id")!.Value));
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Readers_of_every_kind_find_their_way(string sample)
    {
        var page = Page(sample);

        Assert.Equal("en", page.Root!.Attribute("lang")!.Value);
        Assert.All((string[])["h1", "main", "nav", "header", "footer"], name => Assert.Single(page.Descendants(name)));
        Assert.Equal("#main", page.Descendants("a").First().Attribute("href")!.Value);
        Assert.All(page.Descendants("img"), image => Assert.False(string.IsNullOrWhiteSpace((string?)image.Attribute("alt"))));
        Assert.All(page.Descendants("svg"), drawing =>
        {
            Assert.Equal("img", drawing.Attribute("role")!.Value);
            Assert.False(string.IsNullOrWhiteSpace(drawing.Elements().First(element => element.Name == "title").Value));
        });
        Assert.All(page.Descendants("figure"), figure => Assert.Single(figure.Elements("figcaption")));
        Assert.All(page.Descendants("figure").Where(figure => (string?)figure.Attribute("class") == "chart"), figure => Assert.NotEmpty(figure.Elements("details").Descendants("table")));
        Assert.All(page.Descendants("table"), table =>
        {
            Assert.Single(table.Elements("caption"));
            Assert.All(table.Descendants("th"), head => Assert.NotNull(head.Attribute("scope")));
            Assert.Single(table.Descendants("tr").Select(row => row.Elements().Count()).Distinct());
        });
        Assert.All(page.Descendants().Where(element => (string?)element.Attribute("tabindex") == "0" && element.Name != "pre"), region => Assert.False(string.IsNullOrWhiteSpace((string?)region.Attribute("aria-label"))));
        var levels = page.Descendants().Where(element => Heading().IsMatch(element.Name.LocalName)).Select(element => element.Name.LocalName[1] - '0').ToList();
        Assert.Equal(1, levels[0]);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, $"h{pair.Second} follows h{pair.First}"));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Nothing_runs_and_nothing_comes_from_elsewhere(string sample)
    {
        var text = Text(sample);
        var page = Parse(text);

        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "iframe" or "object" or "embed" or "form" or "base");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Name == "style");
        Assert.All(page.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "href" or "src" or "srcset" or "action"), place => Assert.Matches(@"^(#[a-z]+|data:,|data:image/jpeg;base64,[A-Za-z0-9+/=]+)$", place.Value));
        Assert.DoesNotContain("http:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", text, StringComparison.Ordinal);
        var policy = page.Descendants("meta").Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!.Value;
        var style = Regex.Match(text, "<style>(.*)</style>", RegexOptions.Singleline).Groups[1].Value;
        Assert.Equal($"default-src 'none'; style-src '{Hash(style)}'; img-src data:; base-uri 'none'; form-action 'none'", policy);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Browsers_read_it_as_parsers_of_xml_do(string sample)
    {
        var text = Text(sample);

        Assert.All(SelfClosed().Matches(text).Select(match => match.Groups[1].Value).Where(name => !IsOfDrawing(name)).Distinct(), name => Assert.Contains(name, Voids));
        Assert.DoesNotMatch(@"</(br|img|link|meta)>", text);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    [InlineData("</style></title></svg><b>&amp;]]>")]
    [InlineData("0001\u202Egnp.exe\u2066\u200F")]
    [InlineData("half \uD83D and \uFFFF and \0 and \u001b[31m")]
    public void What_others_named_stays_text(string name)
    {
        var (report, insights) = SampleReports.Student();
        var plain = Page("student");

        var text = ReportPage.Write(Renamed(report, name), Renamed(insights, name));

        var page = Parse(text);
        Assert.Equal(plain.Descendants().Select(element => element.Name.LocalName).CountBy(one => one).OrderBy(one => one.Key), page.Descendants().Select(element => element.Name.LocalName).CountBy(one => one).OrderBy(one => one.Key));
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotMatch("[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C\0\u001b\uFFFF]", text);
    }

    [Fact]
    public void Names_without_end_are_cut()
    {
        var (report, insights) = SampleReports.Student();

        var longer = ReportPage.Write(report, Renamed(insights, new string('x', 20_000))).Length - ReportPage.Write(report, insights).Length;

        Assert.InRange(longer, 1, 300_000);
    }

    [Fact]
    public void The_largest_report_is_still_a_page()
    {
        var (report, insights) = SampleReports.Largest();

        var text = ReportPage.Write(report, insights);

        Assert.InRange(text.Length, 1_000_000, MostBytes);
        var page = Parse(text);
        Assert.Contains("more rank lists are in insights.json", text, StringComparison.Ordinal);
        Assert.Equal(Enum.GetValues<RankListKind>().Length * 2, page.Descendants("article").Select(list => (list.ElementsBeforeSelf("h3").Last().Value, list.Element("h4")!.Value.Split(':')[0])).Distinct().Count());
        Assert.True(page.Descendants("table").Max(table => table.Descendants("tr").Count()) <= 26);
    }

    [Fact]
    public void Ways_of_searching_stand_in_one_table_below_the_plain_figures_and_are_never_mixed_with_them()
    {
        var figures = Page("mutual").Descendants("section").First(section => section.Attribute("id")!.Value == "figures");

        Assert.Equal("image-to-image", figures.Elements("h3").Single().Value);
        Assert.Equal("75.0 %", figures.Descendants("table").First().Descendants("td").First(cell => cell.Parent!.Value.StartsWith("mAP (standard)", StringComparison.Ordinal)).FirstNode!.ToString());
        var ways = figures.Descendants("table").First(table => table.Element("caption")!.Value == "By ways of searching: peer 1, image-to-image");
        Assert.Equal(
            ["plain", "re-ranked", "expanded", "local distance", "local distance, re-ranked", "combined distance", "combined distance, re-ranked", "multi-query"],
            ways.Descendants("th").Where(head => (string?)head.Attribute("scope") == "row").Select(head => head.Value));
        Assert.Contains(figures.Elements("p"), note => note.Value.Contains("(k1 20, k2 6, λ 0.3)", StringComparison.Ordinal));
    }

    [Fact]
    public void Peers_are_compared_with_each_other_and_with_training_alone()
    {
        var tables = Page("mutual").Descendants("section").First(section => section.Attribute("id")!.Value == "peers").Descendants("table").ToList();

        Assert.Equal(["peer 1", "peer 2", "trained alone"], RowsOf(tables[0]));
        Assert.Equal(["peer 1 minus peer 2", "peer 1 minus trained alone", "peer 2 minus trained alone"], RowsOf(tables[1]));
        Assert.Equal(["", "undecided", "▲ better", "▲ better"], tables[1].Descendants("tr").Select(row => row.Descendants("span").FirstOrDefault()?.Value ?? ""));

        static IEnumerable<string> RowsOf(XElement table) => table.Descendants("th").Where(head => (string?)head.Attribute("scope") == "row").Select(head => head.Value);
    }

    [Fact]
    public void Every_point_of_the_ROC_stands_under_its_rate_on_a_logarithmic_axis()
    {
        var roc = Page("mutual").Descendants("section").First(section => section.Attribute("id")!.Value == "roc");

        Assert.Equal(["search", "model", "at 0.01 %", "at 0.1 %", "at 1 %", "at 10 %"], roc.Descendants("table").First().Descendants("thead").Descendants("th").Select(head => head.Value));
        var labels = roc.Descendants("g").Where(group => (string?)group.Attribute("class") == "axis").Last().Elements("text").Where(text => (string?)text.Attribute("class") == "mid").ToList();
        Assert.Equal(["0.01 %", "0.1 %", "1 %", "10 %"], labels.Select(label => label.Value));
        var places = labels.Select(label => double.Parse(label.Attribute("x")!.Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.Equal(places[1] - places[0], pair.Second - pair.First, 0.15));
    }

    [Fact]
    public void What_may_not_be_compared_is_said_before_any_figure()
    {
        var opening = Page("camera-less").Descendants("div").First(part => (string?)part.Attribute("class") == "opening");

        Assert.Contains("Measured by the camera-less protocol:", opening.Descendants("strong").Single().Value, StringComparison.Ordinal);
        Assert.Contains("not comparable with cross-camera figures", opening.Value, StringComparison.Ordinal);
        var held = Parse(ReportPage.Write(SampleVariants.Held(), SampleVariants.Mutual().Insights)).Descendants("div").First(part => (string?)part.Attribute("class") == "opening");
        Assert.Contains("Measured on 100 identities that were held back from the training split (seed 1)", held.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_report_is_the_same_page() => Assert.Equal(Text("student"), Text("student"));

    /// <summary>All texts that come from data sets, files and machines.</summary>
    private static MetricReport Renamed(MetricReport report, string name) => report with
    {
        Warnings = [.. report.Warnings.Select(_ => name)],
        Files = [.. report.Files.Select(file => file with { Name = name, Sha256 = name })],
        Lineage = report.Lineage with { Machine = name, Device = name, DatasetHash = name, TrainedOnDatasetHash = name, Parents = [.. report.Lineage.Parents.Select(parent => parent with { Role = name, CheckpointSha256 = name })] },
        Losses = [.. report.Losses.Select(epoch => epoch with { Losses = epoch.Losses.ToDictionary(loss => loss.Key == "cross-entropy" ? name : loss.Key, loss => loss.Value) })],
    };

    private static ReportInsights Renamed(ReportInsights insights, string name) => insights with
    {
        Dataset = insights.Dataset with
        {
            Name = name,
            Layout = name,
            Splits = [.. insights.Dataset.Splits.Select(split => split with { Split = name })],
            Findings = [.. insights.Dataset.Findings.Select(finding => finding with { Code = name, Message = name })],
        },
        Settings = [.. insights.Settings.Select(setting => setting with
        {
            CameraPairs = [.. setting.CameraPairs.Select(pair => pair with { QueryCamera = pair.QueryCamera + name, GalleryCamera = pair.GalleryCamera + name })],
            RankLists = [.. setting.RankLists.Select(list => list with { Query = Renamed(list.Query, name), Found = [.. list.Found.Select(item => Renamed(item, name))] })],
        })],
        Map = insights.Map! with { Points = [.. insights.Map.Points.Select(point => point with { Item = name, Identity = point.Identity is null ? null : point.Identity + name, Camera = point.Camera + name })] },
        Health = insights.Health! with { Identities = [.. insights.Health.Identities.Select(change => change with { Name = name })] },
        Attention = [.. insights.Attention.Select(pair => pair with { Identity = name, Camera = name })],
    };

    private static RankedItem Renamed(RankedItem item, string name) => item with { Item = name, Identity = item.Identity is null ? null : name, Camera = name };

    private static string Text(string sample)
    {
        var (report, insights) = sample switch
        {
            "student" => SampleReports.Student(),
            "plain" => SampleReports.Plain(),
            "explained" => SampleReports.Explained(),
            "mutual" => SampleVariants.Mutual(),
            "camera-less" => SampleVariants.CameraLess(), "infrared" => SampleVariants.Infrared(),
            _ => SampleReports.Matchless(),
        };
        return ReportPage.Write(report, insights);
    }

    private static XDocument Page(string sample) => Parse(Text(sample));

    private static XDocument Parse(string text) => XDocument.Parse(text);

    private static string Hash(string style) => $"sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style)))}";

    private static bool IsOfDrawing(string name) => name is "path" or "line" or "rect" or "circle";

    [GeneratedRegex(@"<(\w+)(?:\s[^<>]*)?/>")]
    private static partial Regex SelfClosed();

    [GeneratedRegex(@"^h[1-6]$")]
    private static partial Regex Heading();
}
