using System.Diagnostics;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests;

/// <summary>
/// The launcher ./reid, in a checkout whose path has a space, with a `dotnet` that writes down what it is asked and builds nothing.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class LauncherTests : IDisposable
{
    private const string Bash = "/bin/bash";

    private const string FakeDotnet = """
        #!/bin/bash
        echo "$*" >> "$CALLS"
        case $1 in
            --version) echo 10.0.100 ;;
            restore) echo "error NU1101: Unable to find package TorchSharp. No packages exist with this id"; exit 1 ;;
            build)
                if [ -f "$ROOT/broken" ]; then echo "Program.cs(1,1): error CS1002: ; expected"; exit 1; fi
                for made in src/Cli/bin/Release/net10.0/reid.dll tests/Benchmarks/bin/Release/net10.0/ReidCloud.Benchmarks.dll; do
                    case $2 in "$ROOT/${made%%/bin/*}"/*) mkdir -p "$ROOT/${made%/*}"; : > "$ROOT/$made" ;; esac
                done ;;
            *) if [ "$2" = prepare ]; then exit; fi
               echo "runs in mode $ReidPackages:"; printf '<%s>\n' "${@:2}"; exit 7 ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("reid with space ").FullName;

    private string? _path;

    public LauncherTests()
    {
        Directory.CreateDirectory(Path.Combine(Root, "src", "Cli"));
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        File.WriteAllText(Path.Combine(Root, "src", "Cli", "Program.cs"), "");
        File.WriteAllText(Path.Combine(Root, "global.json"), "{}");
        File.WriteAllText(Path.Combine(Root, "Directory.Build.props"), "<Project />");
        File.Copy(Path.Combine(RepositoryRoot.Path, "reid"), Path.Combine(Root, "reid"));
        var dotnet = Path.Combine(_folder, "bin", "dotnet");
        File.WriteAllText(dotnet, FakeDotnet);
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private string Root => Path.Combine(_folder, "check out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Builds_once_then_hands_the_arguments_on()
    {
        var first = await LaunchAsync("nuget", "presets", "--json", "two words", "");
        var second = await LaunchAsync("nuget", "presets");

        Assert.Equal(7, first.ExitCode);
        Assert.Equal("runs in mode nuget:\n<presets>\n<--json>\n<two words>\n<>\n", first.Output);
        Assert.Equal(1, first.Builds);
        Assert.Equal((7, 0), (second.ExitCode, second.Builds));
    }

    [Fact]
    public async Task Builds_again_when_a_source_changed_or_went_or_the_mode_is_another()
    {
        var source = Path.Combine(Root, "src", "Cli", "Program.cs");
        await LaunchAsync("nuget", "presets");
        File.SetLastWriteTimeUtc(source, DateTime.UtcNow.AddSeconds(5));
        Assert.Equal(1, (await LaunchAsync("nuget", "presets")).Builds);
        File.SetLastWriteTimeUtc(source, DateTime.UtcNow.AddDays(-1));
        Assert.Equal(0, (await LaunchAsync("nuget", "presets")).Builds);
        Assert.Equal(1, (await LaunchAsync("standins", "--help")).Builds);
        await Task.Delay(20);
        File.Delete(source);
        Assert.Equal(1, (await LaunchAsync("standins", "--help")).Builds);
    }

    [Fact]
    public async Task Benchmarks_are_built_from_the_tests_too_and_take_the_rest_of_the_line()
    {
        var source = Path.Combine(Root, "tests", "Benchmarks", "Measurements.cs");
        Directory.CreateDirectory(Path.GetDirectoryName(source)!);
        File.WriteAllText(source, "");
        var first = await LaunchAsync("nuget", "bench", "ranking", "--brief");
        var second = await LaunchAsync("nuget", "bench");
        File.SetLastWriteTimeUtc(source, DateTime.UtcNow.AddSeconds(5));
        var third = await LaunchAsync("nuget", "bench");

        Assert.Equal((7, "runs in mode nuget:\n<bench>\n<ranking>\n<--brief>\n"), (first.ExitCode, first.Output));
        Assert.Equal([2, 0, 1], [first.Builds, second.Builds, third.Builds]);
        Assert.Contains("ReidCloud.Benchmarks.csproj -c Release", File.ReadAllLines(Path.Combine(_folder, "calls")).Last(call => call.StartsWith("build ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Asks_the_registry_once_and_says_what_it_chose()
    {
        var first = await LaunchAsync(null, "presets");
        var second = await LaunchAsync(null, "presets");

        Assert.StartsWith("runs in mode standins:", first.Output);
        Assert.Contains("lacks TorchSharp", first.Error);
        Assert.Contains("<ReidPackages>standins</ReidPackages>", File.ReadAllText(Path.Combine(Root, "ReidPackages.props")));
        Assert.DoesNotContain("registry", second.Error);
    }

    [Fact]
    public async Task Shows_the_errors_of_a_build_that_fails_and_where_its_log_is()
    {
        File.WriteAllText(Path.Combine(Root, "broken"), "");

        var said = await LaunchAsync("nuget", "presets");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("error CS1002: ; expected", said.Error);
        Assert.Contains(Path.Combine(Root, ".reid", "logs", "build-reid.log"), said.Error);
        Assert.Empty(said.Output);
    }

    [Fact]
    public async Task Builds_once_for_many_at_the_same_time()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LaunchAsync("nuget", "presets")));

        Assert.All(all, said => Assert.Equal(7, said.ExitCode));
        Assert.Single(File.ReadAllLines(Path.Combine(_folder, "calls")), call => call.StartsWith("build ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--golden", "/no/such/folder")]
    [InlineData("--goldn", "x")]
    public async Task Refuses_options_of_test_that_it_does_not_know(params string[] arguments)
    {
        var said = await LaunchAsync("nuget", ["test", .. arguments]);

        Assert.NotEqual(0, said.ExitCode);
        Assert.Contains("--golden", said.Error);
        Assert.Equal(0, said.Builds);
    }

    /// <summary>The machine has all but a browser, and its apt-get has no packages: what would be installed is said before.</summary>
    [Theory]
    [InlineData("test", true)]
    [InlineData("prepare", true)]
    [InlineData("demo", false)]
    public async Task Needs_a_browser_for_tests_and_for_nothing_else(string command, bool needed)
    {
        foreach (var program in Directory.EnumerateFiles("/usr/bin").Select(file => Path.GetFileName(file)!))
        {
            if (program is not ("dotnet" or "apt-get" or "sudo") && !program.Contains("chrom", StringComparison.Ordinal))
            {
                File.CreateSymbolicLink(Path.Combine(_folder, "bin", program), Path.Combine("/usr/bin", program));
            }
        }

        foreach (var installer in new[] { "apt-get", "sudo" })
        {
            var path = Path.Combine(_folder, "bin", installer);
            File.WriteAllText(path, "#!/bin/bash\nexit 1\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        _path = Path.Combine(_folder, "bin");
        var said = await LaunchAsync("nuget", command, "nothing");

        Assert.Equal(needed, said.Error.Contains("the web page's tests look at it in a browser", StringComparison.Ordinal));
        Assert.Equal(needed ? 0 : 1, said.Builds);
    }

    private async Task<(int ExitCode, string Output, string Error, int Builds)> LaunchAsync(string? mode, params string[] arguments)
    {
        var calls = Path.Combine(_folder, "calls");
        var before = Builds(calls);
        var start = new ProcessStartInfo(Bash)
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(Root, "reid"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["PATH"] = _path ?? $"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment.Remove("REIDCLOUD_CHROMIUM");
        start.Environment["CALLS"] = calls;
        start.Environment["ROOT"] = Root;
        start.Environment["ReidPackages"] = mode;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error, Builds(calls) - before);
    }

    private static int Builds(string calls) =>
        File.Exists(calls) ? File.ReadAllLines(calls).Count(call => call.StartsWith("build ", StringComparison.Ordinal)) : 0;
}
