using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Cli;

/// <summary>`reid tensorboard` against a system that answers.</summary>
public sealed class TensorBoardCommandTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"reid-tensorboard-{Guid.NewGuid():N}");
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Curves_of_running_runs_are_written_and_brought_up_to_date()
    {
        var (one, other) = (await _api.SubmitAsync(1), await _api.SubmitAsync(2));
        await using var lease = await _api.ClaimAsync(one);
        await using var second = await _api.ClaimAsync(other);
        var log = _api.Service<RunStore>().OpenEvents(one, 1);
        await log.AppendAsync([Epoch(1, 3)], default);
        await _api.Service<RunStore>().OpenEvents(other, 1).AppendAsync([Epoch(1, 5)], default);

        var written = await ReidAsync(one.ToString(), other.ToString(), "--output", _folder);
        await log.AppendAsync([Epoch(2, 2)], default);
        var again = await ReidAsync(one.ToString(), "--output", _folder, "--json");

        Assert.Equal((0, 0), (written.ExitCode, again.ExitCode));
        Assert.Contains($"tensorboard --logdir {_folder}", written.Error, StringComparison.Ordinal);
        Assert.Equal([3, 2], Losses(one));
        Assert.Equal([5], Losses(other));
        Assert.Contains($"\"run\": \"{one}\"", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_figures_says_what_to_type_next()
    {
        var run = await _api.SubmitAsync();

        var refused = await ReidAsync(run.ToString(), "--output", _folder);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"run {run} has no figures to draw yet", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"`./reid watch {run}`", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder));
    }

    private Task<CommandLine> ReidAsync(params string[] arguments) => CommandLine.RunAsync(["tensorboard", .. arguments, "--url", _api.Address.ToString()]);

    private IEnumerable<float> Losses(RunId run) => EventFileReader.Read(File.ReadAllBytes(Path.Combine(_folder, run.ToString(), RunFileName.TensorBoard)))
        .Where(entry => entry.Tag == "loss/total").Select(entry => entry.Scalar!.Value);

    private static RunEvent Epoch(int finished, double loss) => new(DateTimeOffset.UnixEpoch.AddSeconds(finished), RunEventKind.Epoch)
    {
        Epoch = finished,
        Step = 0,
        Steps = 4,
        Values = new Dictionary<string, double> { ["total"] = loss },
    };
}
