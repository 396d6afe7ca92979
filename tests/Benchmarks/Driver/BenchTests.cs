using System.Diagnostics;
using System.Globalization;
using ReidCloud.Cli;
using ReidCloud.Cli.Completion;

namespace ReidCloud.Benchmarks;

/// <summary>`./reid bench` with shell scripts in place of measurements.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class BenchTests : IDisposable
{
    private static readonly Measurement[] All = [Named("ranking", "Ranking"), Named("steps", "Training steps"), Named("gpu", "GPU")];

    private readonly string _root = Directory.CreateTempSubdirectory("reid-bench-").FullName;
    private readonly Dictionary<string, string> _scripts = [];

    public BenchTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "docs"));
        Directory.CreateDirectory(Path.Combine(_root, "tests", "Benchmarks"));
        Takes("ranking", ratio: 1.2);
        Takes("steps", ratio: 0.9);
        Takes("gpu", ratio: 1);
    }

    private string Page => File.ReadAllText(Path.Combine(_root, "docs", "benchmarks.md"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task All_that_is_measured_is_on_the_page_in_the_lists_order()
    {
        var said = await BenchAsync();

        Assert.Equal(0, said.ExitCode);
        Assert.Equal(["Ranking", "Training steps", "GPU"], Page.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]));
        Assert.Contains("| of ranking | 1.20 s | a product | 1.00 s | 1.20 | ≤ 1.3 | yes |", Page);
        Assert.Contains("of ranking", said.Output);
    }

    [Fact]
    public async Task A_named_measurement_renews_its_section_alone()
    {
        await BenchAsync();
        Takes("ranking", ratio: 1.25);
        Takes("steps", ratio: 3);

        await BenchAsync("ranking");

        Assert.Contains("| 1.25 |", Page);
        Assert.Contains("| 0.900 |", Page);
        Assert.DoesNotContain("| 3.00 |", Page);
    }

    [Fact]
    public async Task A_measurement_that_dies_is_shown_with_its_last_words_and_keeps_its_old_section()
    {
        await BenchAsync();
        _scripts["ranking"] = $"echo '{Line(1.1)}'; echo out of memory >&2; kill -9 $$";
        Takes("steps", ratio: 0.8);

        var said = await BenchAsync();

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("ranking ended with exit code 137\nout of memory", said.Error);
        Assert.Contains("| 1.20 |", Page);
        Assert.Contains("| 0.800 |", Page);
    }

    [Fact]
    public async Task A_measurement_that_never_ends_is_ended()
    {
        var begun = Stopwatch.GetTimestamp();
        var taken = await MeasuringProcess.RunAsync(Script("echo begun; sleep 100"), TimeSpan.FromSeconds(0.5), _ => { }, CancellationToken.None);

        Assert.Equal("took longer than 0:00\nbegun", taken.Failure);
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Who_interrupts_it_ends_what_it_started()
    {
        using var interrupted = new CancellationTokenSource();
        var id = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MeasuringProcess.RunAsync(
            Script("echo $$; sleep 100"),
            TimeSpan.FromMinutes(1),
            line =>
            {
                id = int.Parse(line, CultureInfo.InvariantCulture);
                interrupted.Cancel();
            },
            interrupted.Token));

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    [Theory]
    [InlineData("true", "ended before it said what it was taken on")]
    [InlineData("echo '{\"figure\":{\"what\":1}}'", "ended before it said what it was taken on\n{\"figure\":{\"what\":1}}")]
    public async Task What_a_measurement_says_must_be_whole(string script, string failure)
    {
        var taken = await MeasuringProcess.RunAsync(Script(script), TimeSpan.FromMinutes(1), _ => { }, CancellationToken.None);

        Assert.Equal(failure, taken.Failure);
    }

    [Fact]
    public async Task Two_figures_of_one_name_would_have_one_key()
    {
        _scripts["ranking"] += $"; echo '{Line(7)}'";

        var said = await BenchAsync("ranking", "--brief");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("two figures of the same name, 'of ranking'", said.Error);
    }

    [Fact]
    public async Task Brief_figures_are_shown_and_written_nowhere()
    {
        var said = await BenchAsync("--brief");

        Assert.Equal(0, said.ExitCode);
        Assert.Contains("1.20 s", said.Output);
        Assert.Empty(Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_ratio_that_is_worse_than_the_kept_one_twice_fails_the_check()
    {
        await BenchAsync("--keep");
        Takes("ranking", ratio: 1.6);
        Takes("steps", ratio: 0.5);

        var said = await BenchAsync("--check");

        Assert.Equal(1, said.ExitCode);
        Assert.Matches("of ranking +│ 1.20 +│ 1.60 +│ worse, to be measured again", said.Output);
        Assert.Matches("of ranking +│ 1.20 +│ 1.60 +│ worse +│", said.Output);
        Assert.Matches("of steps +│ 0.900 │ 0.500 │ improved", said.Output);
        Assert.Matches("of gpu +│ 1.00 +│ 1.00 +│ same", said.Output);
    }

    [Fact]
    public async Task A_ratio_that_is_worse_once_was_chance()
    {
        await BenchAsync("--keep");
        var second = Path.Combine(_root, "second");
        _scripts["ranking"] = $"if [ -f {second} ]; then {_scripts["ranking"]}; else touch {second}; {Script("ranking", 1.6)}; fi";

        Assert.Equal(0, (await BenchAsync("--check")).ExitCode);
        Assert.True(File.Exists(second));
    }

    [Fact]
    public async Task Figures_that_were_taken_elsewhere_get_their_section()
    {
        await BenchAsync();
        var file = Path.Combine(_root, "gpu.jsonl");
        using (var elsewhere = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", $"({Script("gpu", 0.7).Replace("8 GiB", "80 GiB", StringComparison.Ordinal)}) > {file}"]))!)
        {
            await elsewhere.WaitForExitAsync();
        }

        var said = await BenchAsync("gpu", "--from", file);

        Assert.Equal(0, said.ExitCode);
        Assert.Contains("| of gpu | 0.700 s |", Page);
        Assert.Contains("memory: 80 GiB;", Page);
        Assert.Contains("| memory | 8 GiB |", Page);
    }

    [Fact]
    public void The_launchers_completion_knows_its_options() => Assert.Equal(BenchArguments.OptionNames.Order(), LauncherWords.OfBench.Order());

    [Theory]
    [InlineData("nothing that is measured is called 'rankin'", "rankin")]
    [InlineData("there are ranking, steps, gpu", "rankin")]
    [InlineData("there is no option '--fast'", "--fast")]
    [InlineData("--check and --keep do not go together", "--check", "--keep")]
    [InlineData("no ratios are kept to compare with", "--check")]
    [InlineData("--list takes no names", "gpu", "--list")]
    [InlineData("--from needs a file that exists, not '/no/such/file'", "gpu", "--from", "/no/such/file")]
    [InlineData("--from takes the name of one measurement there are ranking, steps, gpu", "--from", "/dev/null")]
    [InlineData("'/dev/null' has no figures", "gpu", "--from", "/dev/null")]
    public async Task Mistakes_are_told_with_what_there_is(string expected, params string[] arguments)
    {
        var exception = await Assert.ThrowsAsync<CommandException>(() => BenchAsync(arguments));

        Assert.Equal(ExitCode.Mistake, exception.ExitCode);
        Assert.Contains(expected, $"{exception.Message} {exception.Remedy}");
    }

    private static Measurement Named(string name, string title) => new(name, title, _ => throw new InvalidOperationException("taken by a script"));

    private static ProcessStartInfo Script(string script) => new("/bin/bash", ["-c", script]);

    private static string Line(double ratio, string name = "ranking") => new MeasuredLine(new Figure($"of {name}", ratio, "a product", 1, "s") { AtMost = 1.3 }).ToJson();

    private static string Script(string name, double ratio) =>
        $"echo loading; echo '{Line(ratio, name)}'; echo '{new MeasuredLine(Machine: new Machine("2 × CPU", "8 GiB", "none", "Linux", ".NET 10", "2.10", "nuget", "OpenBLAS", "no Python")).ToJson()}'";

    private void Takes(string name, double ratio) => _scripts[name] = Script(name, ratio);

    private async Task<(int ExitCode, string Output, string Error)> BenchAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var bench = new Bench(new Terminal(output, error), All, _root, "1234567890", (measurement, _) => Script(_scripts[measurement.Name]), TimeProvider.System);
        var exitCode = await bench.RunAsync(arguments, CancellationToken.None);
        return (exitCode, output.ToString(), error.ToString());
    }
}
