using ReidCloud.Tests.Docs.Pages;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Docs;

/// <summary>
/// The reference pages are made from the code: a change of a preset, a member, an operation or a layout fails here until the page is made anew, by
/// renaming what is received.
/// </summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, Func<string>> Pages = new()
    {
        ["presets.md"] = PresetsPage.Text,
        ["spec.md"] = SpecPage.Text,
        ["api.md"] = ApiPage.Text,
        ["report.md"] = ReportPage.Text,
        ["layouts.md"] = LayoutsPage.Text,
    };

    public static TheoryData<string> Names => [.. Pages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_says_what_the_code_does(string page) => Approved.IsFile(Path.Combine(DocsPage.Folder, page), Pages[page]());
}
