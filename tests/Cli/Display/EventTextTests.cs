using ReidCloud.Cli.Display;
using ReidCloud.Reports;

namespace ReidCloud.Tests.Cli.Display;

public sealed class EventTextTests
{
    [Theory]
    [InlineData(RunEventKind.Evaluation, "peer-2/image-to-image/local/re-ranked/rank1", "75.2 %")]
    [InlineData(RunEventKind.Epoch, "peer-2/triplet", "0.752")]
    [InlineData(RunEventKind.Step, "total", "0.752")]
    public void Figures_are_told_in_percent_and_losses_of_peers_are_no_figures(RunEventKind kind, string name, string shown) =>
        Assert.EndsWith($"{name} {shown}", EventText.Line(new RunEvent(DateTimeOffset.UnixEpoch, kind) { Values = new Dictionary<string, double> { [name] = 0.752 } }), StringComparison.Ordinal);
}
