using ReidCloud.Cli.Display;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Tests.Cli.Display;

public sealed class PresetTablesTests
{
    [Fact]
    public void All_of_them_fit_80_columns_and_every_name_stands_in_one_piece()
    {
        var lines = Text(console => PresetTables.Write(console, Presets.All)).Split('\n');

        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        Assert.All(Presets.All, preset => Assert.Contains(lines, line => line.Contains($" {preset.Name} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("vkd-mars-resnet50-student", "83.89/77.27 88.74/82.22")]
    [InlineData("vkd-duke-video-reid-resnet50-student", "85.61/~83.81 ~95.01/~93.41")]
    [InlineData("vkd-veri-776-mobilenet-teacher", "~88.80/~64.68 ~89.81/~69.90")]
    [InlineData("vkd-mars-resnet101-to-resnet34", "")]
    [InlineData("aligned-market1501-global", "87.05/71.38 89.85/85.49")]
    [InlineData("aligned-market1501-global-mutual", "88.78/75.76 91.92/88.27")]
    [InlineData("aligned-combined-all-mutual", "90.08/76.31 60.50/55.97 80.83/66.00")]
    [InlineData("strong-baseline-market1501-resnet50", "94.50/85.90* 95.40/94.20*")]
    [InlineData("strong-baseline-dukemtmc-reid-resnet18", "82.50/68.80*")]
    public void Figures_stand_beside_their_preset_and_unverified_ones_are_marked(string name, string figures)
    {
        var rows = Text(console => PresetTables.Write(console, Presets.All)).Split('\n')
            .Select(line => string.Join(' ', line.Split('│', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));

        Assert.Contains($"{name} {figures}".TrimEnd(), rows);
    }

    [Fact]
    public void One_preset_says_where_it_is_from_what_it_gave_and_what_it_needs()
    {
        var text = Text(console => console.Write(PresetTables.Facts(Presets.Named("vkd-duke-video-reid-resnet50-student"))), width: 2000);

        Assert.Contains("ECCV 2020", text, StringComparison.Ordinal);
        Assert.Contains("image-to-video 85.61/~83.81, video-to-video ~95.01/~93.41 (rank-1/mapTrapezoidal in percent, ~ unverified)", text, StringComparison.Ordinal);
        Assert.Contains("weights 'imagenet-resnet50'", text, StringComparison.Ordinal);
        Assert.Contains("./reid submit --preset vkd-duke-video-reid-resnet50-student --teacher RUN", text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_preset_of_many_tests_has_a_line_for_each()
    {
        var lines = Text(console => console.Write(PresetTables.Facts(Presets.Named("aligned-combined-all-mutual"))), width: 2000).Split('\n').Select(line => line.Trim()).ToList();

        Assert.Contains("on dukemtmc-reid, peer 2, image-to-image/local/re-ranked 86.76/82.90", lines);
        Assert.Contains("(rank-1/mapTrapezoidal in percent)", lines);
    }

    private static string Text(Action<IAnsiConsole> write, int width = 80)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        write(console);
        return text.ToString();
    }
}
