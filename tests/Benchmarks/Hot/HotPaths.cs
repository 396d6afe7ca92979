using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using ReidCloud.Cli;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks.Hot;

/// <summary>
/// The innermost work one piece at a time, with BenchmarkDotNet: how long and how many bytes, while someone changes it. Short jobs, in this process: a project
/// made by BenchmarkDotNet would know nothing of the package modes.
/// </summary>
internal static class HotPaths
{
    private const double IterationMilliseconds = 200;

    /// <param name="arguments">A part of a name, or BenchmarkDotNet's own options (`--list flat`, `--job medium`). Nothing: all.</param>
    public static int Run(string root, string[] arguments)
    {
        set_num_threads(Environment.ProcessorCount);
        var isFilter = arguments is [var word] && !word.StartsWith('-');
        var summaries = BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly())
            .Run(isFilter ? ["--filter", $"*{arguments[0]}*"] : arguments.Length == 0 ? ["--filter", "*"] : arguments, Config(root))
            .ToList();
        var isListed = arguments.Contains("--list") || arguments.Contains("--help");
        return isListed || (summaries.Count > 0 && summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success)))
            ? ExitCode.Ok
            : ExitCode.Fault;
    }

    private static ManualConfig Config(string root) => new ManualConfig()
        .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationTime(TimeInterval.FromMilliseconds(IterationMilliseconds)))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .WithOptions(ConfigOptions.JoinSummary)
        .WithArtifactsPath(Path.Combine(root, ".reid", "benchmarks"));
}
