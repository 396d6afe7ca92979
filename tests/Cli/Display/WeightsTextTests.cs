using ReidCloud.Cli.Display;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;
using Spectre.Console;

namespace ReidCloud.Tests.Cli.Display;

public sealed class WeightsTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 18, 5, 0, TimeSpan.Zero);
    private static readonly string Hash = new('a', 64);

    [Fact]
    public void A_list_is_as_approved_and_no_wider_than_its_terminal()
    {
        WeightsSummary[] weights = [Summary("base-chk-end", BackboneName.ResNet50Bam, 625), Summary("imagenet-resnet50", BackboneName.ResNet50, null)];

        var text = Text(console => WeightsText.Write(console, weights));
        var longer = Text(console => WeightsText.Write(console, [.. weights, Summary("vkd-duke-video-reid-resnet50bam-teacher", BackboneName.ResNet50Bam, 702)]));

        Assert.All($"{text}{longer}".Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.DoesNotContain("…", longer, StringComparison.Ordinal);
        Approved.Matches("weights.list.80", $"{text}\n{longer}");
    }

    [Theory]
    [InlineData(2, 0, "  left over  2: n0, n1")]
    [InlineData(8, 0, "  left over  8: n0, n1, n2, n3, n4, n5 and 2 more (--json lists all)")]
    [InlineData(8, 50, "  left over  58: n0, n1, n2, n3, n4, n5 and 52 more (--json lists the first 8)")]
    public void What_is_left_over_is_counted_whole_and_named_in_part(int named, int more, string line)
    {
        var view = new WeightsView(
            "mine", "w.pth", WeightsFormat.PytorchZip, 1, Hash, new ModelSpec(BackboneName.ResNet18), 1, [], [.. Enumerable.Range(0, named).Select(i => $"n{i}")], [], Now)
        {
            MoreLeftOver = more,
        };

        Assert.Contains(line, Text(console => WeightsText.Write(console, view)).Split('\n'));
    }

    private static WeightsSummary Summary(string name, BackboneName backbone, int? identities) =>
        new(name, "w.pth", WeightsFormat.PytorchZip, 102_530_333, Hash, new ModelSpec(backbone), 318, Now) { Identities = identities };

    private static string Text(Action<IAnsiConsole> write)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), ColorSystem = ColorSystemSupport.NoColors, Ansi = AnsiSupport.No });
        console.Profile.Width = 80;
        write(console);
        return output.ToString().ReplaceLineEndings("\n");
    }
}
