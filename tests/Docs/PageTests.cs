using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Docs;

/// <summary>What the pages show is valid, what they link to is there, and each is to be found.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Pages => [.. DocsPage.Names];

    /// <summary>Its requests use what it adds: <see cref="AddingTests"/> has them.</summary>
    private const string Adding = "adding.md";

    [Theory]
    [MemberData(nameof(Pages))]
    public void Its_requests_are_valid(string name)
    {
        foreach (var block in DocsPage.Named(name).Blocks.Where(block => block.Language == "json" && name != Adding))
        {
            if (JsonElement.Parse(block.Text).TryGetProperty("kind", out _))
            {
                SpecRules.Require(ReidJson.Read<RunSpec>(Encoding.UTF8.GetBytes(block.Text)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Its_tables_of_images_are_data_sets(string name)
    {
        foreach (var block in DocsPage.Named(name).Blocks.Where(block => block.Language == "csv"))
        {
            var upload = UploadFiles.Csv(block.Text, block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0]));
            Assert.Equal("csv", upload.Ingest().Layout);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Its_links_lead_somewhere(string name) => CheckLinks(DocsPage.Named(name));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Its_settings_are_options(string name) => Assert.All(
        Setting().Matches(DocsPage.Named(name).Text), match => Assert.NotNull(typeof(ReidCloudOptions).GetProperty(match.Groups[1].Value)));

    [Fact]
    public void The_readmes_links_lead_somewhere() => CheckLinks(DocsPage.Readme());

    [Fact]
    public void Every_page_is_in_the_list_of_pages() => Assert.Equal(
        DocsPage.Names.Where(name => name != "README.md").Order(), Link().Matches(DocsPage.Named("README.md").Text).Select(match => match.Groups[1].Value).Where(DocsPage.Names.Contains).Distinct().Order());

    private static void CheckLinks(DocsPage page) => Assert.All(Link().Matches(Fenced().Replace(page.Text, "")).Select(match => match.Groups[1].Value), link =>
    {
        var (file, anchor) = link.Split('#') is [var path, var name] ? (path, name) : (link, null);
        var target = file.Length == 0 ? page.Path : Path.Combine(Path.GetDirectoryName(page.Path)!, file);
        Assert.True(File.Exists(target), $"{page.Path}: there is no {link}");
        if (anchor is not null)
        {
            Assert.True(Heading().Matches(Fenced().Replace(File.ReadAllText(target), "")).Select(match => AnchorOf(match.Groups[1].Value.Trim())).Contains(anchor), $"{page.Path}: {file} has no heading #{anchor}");
        }
    });

    /// <summary>As GitHub makes it: lowercase, blanks as hyphens, other punctuation left out.</summary>
    private static string AnchorOf(string heading) => Punctuation().Replace(heading.ToLowerInvariant().Replace(' ', '-'), "");

    [GeneratedRegex(@"\]\((?!https?:)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(ReidCloudOptions.Section + @"__(\w+)")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w-]")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
