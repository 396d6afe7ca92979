using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

namespace ReidCloud.Cli.Checkup;

/// <summary>Whether tensors work here, by whose code, and how fast.</summary>
internal static class TorchChecks
{
    private const string Maps = "/proc/self/maps";
    private const int Side = 1024;

    /// <summary>Two cores with OpenBLAS reach ten times that; the reference BLAS does not reach it.</summary>
    private const double SlowGigaflops = 5;

    public static IEnumerable<Check> All()
    {
        var loads = Loads();
        yield return loads;
        if (loads.Verdict == Verdict.Fault)
        {
            yield break;
        }

        torch.set_num_threads(Environment.ProcessorCount);
        yield return Threads();
        yield return Product();
        yield return Device();
    }

    private static Check Loads()
    {
        const string name = "libtorch";
        try
        {
            using var scope = torch.NewDisposeScope();
            var sum = (torch.ones(2) + torch.ones(2)).sum().item<float>();
            return sum == 4
                ? new Check(name, Verdict.Ok, $"{torch.__version__}, loaded, adds two tensors; from {Loaded("libtorch_cpu") ?? "this program's folder"}")
                : new Check(name, Verdict.Fault, $"loaded, but 1 + 1 + 1 + 1 = {sum.ToString(CultureInfo.InvariantCulture)}", Reinstall);
        }
        catch (Exception exception) when (Innermost(exception) is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or
            ExternalException or NotSupportedException)
        {
            return new Check(name, Verdict.Fault, $"cannot be loaded: {Innermost(exception).Message.ReplaceLineEndings(" ")}", Reinstall);
        }
    }

    private const string Reinstall = "`./reid prepare` installs what is missing and builds again";

    private static Check Threads() => new(
        "threads",
        torch.get_num_threads() == Environment.ProcessorCount ? Verdict.Ok : Verdict.Warning,
        $"{torch.get_num_threads()} per operation; a runner sets as many as there are processors, unless ReidCloud__Threads says otherwise",
        torch.get_num_threads() == Environment.ProcessorCount ? null : "is OMP_NUM_THREADS or the like set?");

    private static Check Product()
    {
        using var scope = torch.NewDisposeScope();
        var left = torch.ones(Side, Side);
        left.matmul(left);
        var clock = Stopwatch.StartNew();
        left.matmul(left);
        var gigaflops = 2.0 * Side * Side * Side / clock.Elapsed.TotalSeconds / 1e9;
        var found = string.Create(CultureInfo.InvariantCulture, $"{Library()}, {gigaflops:F0} GFLOP/s on a product of two {Side} × {Side} matrices");
        return gigaflops >= SlowGigaflops
            ? new Check("BLAS", Verdict.Ok, found)
            : new Check(
                "BLAS",
                Verdict.Warning,
                found,
                "that is slow: install libopenblas0-pthread (`./reid prepare` does), see `update-alternatives --display libblas.so.3-$(uname -m)-linux-gnu`");
    }

    /// <summary>Debian's libblas.so.3 is whatever the alternatives say; its folder tells. Elsewhere libtorch brings its own.</summary>
    public static string Library() => (Loaded("libmkl"), Loaded("libblas.so"), Loaded("libopenblas")) switch
    {
        ({ } mkl, _, _) => $"MKL ({mkl})",
        (_, { } blas, _) when !blas.Contains("openblas", StringComparison.Ordinal) => $"the reference BLAS or another ({blas})",
        (_, _, { } openblas) => $"OpenBLAS ({openblas})",
        (_, { } openblas, _) => $"OpenBLAS ({openblas})",
        _ => "inside libtorch",
    };

    private static Check Device() => new("GPU", Verdict.Ok, torch.cuda.is_available() ? $"{torch.cuda.device_count()} with CUDA" : "none; runs use the processor");

    /// <summary>The file of a library that this process has loaded.</summary>
    private static string? Loaded(string library) => !File.Exists(Maps) ? null : File.ReadLines(Maps)
        .Select(line => line.IndexOf('/', StringComparison.Ordinal) is var path and >= 0 ? line[path..] : "")
        .FirstOrDefault(path => Path.GetFileName(path).StartsWith(library, StringComparison.Ordinal));

    private static Exception Innermost(Exception exception) => exception is TypeInitializationException { InnerException: { } inner } ? Innermost(inner) : exception;
}
