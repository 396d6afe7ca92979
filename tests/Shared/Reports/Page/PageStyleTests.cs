using System.Globalization;
using System.Text.RegularExpressions;
using ReidCloud.Reports.Page;

namespace ReidCloud.Tests.Shared.Reports.Page;

public sealed partial class PageStyleTests
{
    private static readonly string[] OnPageAndPanel =
        ["ink", "soft", "accent", "right", "wrong", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whoever_sees_little_can_read_every_text(bool dark)
    {
        var colors = Colors(dark);

        Assert.All(OnPageAndPanel, name => Assert.All((string[])["page", "panel"], ground => AssertContrast(4.5, colors[name], colors[ground], $"{name} on {ground}")));
        AssertContrast(4.5, colors["warn-ink"], colors["warn-page"], "warnings");
        AssertContrast(3, colors["focus"], colors["page"], "focus");
        AssertContrast(2, colors["dots"], colors["page"], "dots");
    }

    [Fact]
    public void Both_themes_name_the_same_colors() => Assert.Equal(Colors(dark: false).Keys.Order(), Colors(dark: true).Keys.Order());

    [Fact]
    public void Numbers_stand_out_from_the_cells_of_a_heat_map()
    {
        var levels = Level().Matches(PageStyle.Text);

        Assert.Equal(10, levels.Count);
        Assert.All(levels, level => AssertContrast(4.5, level.Groups[2].Value, level.Groups[1].Value, level.Value));
        var lights = levels.Select(level => Luminance(level.Groups[1].Value)).ToList();
        Assert.Equal(lights.Order(), lights);
    }

    [Fact]
    public void It_means_the_same_in_html_and_in_xml() => Assert.DoesNotMatch("[<&]", PageStyle.Text);

    private static void AssertContrast(double least, string one, string other, string what)
    {
        var (light, dark) = (Math.Max(Luminance(one), Luminance(other)), Math.Min(Luminance(one), Luminance(other)));
        var ratio = (light + 0.05) / (dark + 0.05);
        Assert.True(ratio >= least, string.Create(CultureInfo.InvariantCulture, $"{what}: {one} and {other} have a contrast of {ratio:F2}"));
    }

    /// <summary>WCAG 2, relative luminance.</summary>
    private static double Luminance(string color)
    {
        var digits = color.Length == 4 ? string.Concat(color[1..].Select(digit => $"{digit}{digit}")) : color[1..];
        double[] weights = [0.2126, 0.7152, 0.0722];
        return weights.Select((weight, i) =>
        {
            var part = int.Parse(digits.AsSpan(i * 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return weight * (part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4));
        }).Sum();
    }

    private static Dictionary<string, string> Colors(bool dark)
    {
        var roots = Regex.Matches(PageStyle.Text, @":root\s*\{([^}]*)\}");
        return Variable().Matches(roots[dark ? 1 : 0].Groups[1].Value).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
    }

    [GeneratedRegex(@"--([a-z0-9-]+): (#[0-9a-f]{6});")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\.h\d \{ --h: (#[0-9a-f]{6}); --hi: (#[0-9a-f]{3}); \}")]
    private static partial Regex Level();
}
