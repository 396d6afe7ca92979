using System.Diagnostics;
using System.Text;
using ReidCloud.GpuRunner;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Testing;

/// <summary>A storage account of its own, and a runner in this process that works on it.</summary>
internal sealed class RunnerSystem
{
    /// <summary>Holds what killed runners leave behind, too; gone when the tests end.</summary>
    private static readonly Lazy<string> Caches = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("reidcloud-tests-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private const int LinesShown = 20;

    private RunnerSystem(ReidCloudOptions options, Placement placement)
    {
        Options = options;
        Storage = new StorageAccess(options, options.StoragePatience);
        Queue = RunQueues.Create(Storage);
        Store = new RunStore(Storage, Queue, TimeProvider.System);
        Runner = new Runner(
            Store, new DatasetStore(Storage, TimeProvider.System), Queue, placement, new RunnerLog(Log, TimeProvider.System), TimeProvider.System);
    }

    public ReidCloudOptions Options { get; }

    public StorageAccess Storage { get; }

    public RunQueue Queue { get; }

    public RunStore Store { get; }

    public Runner Runner { get; }

    /// <summary>All that the runner has said.</summary>
    public Lines Log { get; } = new();

    public static async Task<RunnerSystem> CreateAsync(AzuriteFixture azurite, Placement? placement = null) => await CreateAsync(await azurite.NewSystemAsync(), placement);

    /// <param name="options">Of a system of its own, or where they name one that is there, of another runner of it; they get a cache folder.</param>
    /// <param name="placement">Left out: the CPU, once.</param>
    public static async Task<RunnerSystem> CreateAsync(ReidCloudOptions options, Placement? placement = null)
    {
        options.CacheFolder = Path.Combine(Caches.Value, options.StoragePrefix);
        options.OnnxRuntimeFolder = OnnxRuntimePackage.Path;
        var system = new RunnerSystem(options, placement ?? CPU);
        await system.Storage.CreateAsync(CancellationToken.None);
        return system;
    }

    public async Task<RunId> SubmitAsync(RunSpec spec) => (await Store.SubmitAsync(spec, CancellationToken.None)).Run;

    public async Task<RunStatus> StatusAsync(RunId run) => (await Store.GetStatusAsync(run, CancellationToken.None))!.Status;

    /// <summary>Waits for a run that another runner has.</summary>
    /// <param name="runner">Its text is what that runner has said; when the wait is too long, the test fails with the end of it.</param>
    public async Task<RunStatus> UntilAsync(RunId run, object runner, Func<RunStatus, bool> condition)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Look))
        {
            var status = await StatusAsync(run);
            if (condition(status))
            {
                return status;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < Limit, $"waited too long for run {run}: {status}{Environment.NewLine}{Tail(runner)}");
        }
    }

    /// <summary>The last lines that a runner has said.</summary>
    public static string Tail(object runner) => string.Join('\n', $"{runner}".Split('\n').TakeLast(LinesShown));

    /// <summary>The report of a run that has succeeded; if it has not, the test fails with the run's own words.</summary>
    public async Task<MetricReport> ReportAsync(RunId run)
    {
        var status = await StatusAsync(run);
        Assert.True(status.State == RunState.Succeeded, $"{status.State}: {status.Failure?.Detail}{Environment.NewLine}{Log}");
        return (await Store.GetReportAsync(run, CancellationToken.None))!;
    }

    /// <summary>Does something once, on the runner's own thread, when it says a line with these words.</summary>
    public void When(string words, Action act)
    {
        Log.Said += line =>
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                Interlocked.Exchange(ref act, () => { })();
            }
        };
    }

    public sealed class Lines : TextWriter
    {
        private readonly StringBuilder _all = new();

        public event Action<string>? Said;

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            lock (_all)
            {
                _all.AppendLine(value);
            }

            Said?.Invoke(value ?? "");
        }

        public override string ToString()
        {
            lock (_all)
            {
                return _all.ToString();
            }
        }
    }
}
