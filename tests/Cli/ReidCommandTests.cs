using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ReidCloud.Cli;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Cli;

public sealed class ReidCommandTests
{
    [Fact]
    public async Task Lists_its_commands()
    {
        var said = await CommandLine.RunAsync("--help");

        Assert.Equal(0, said.ExitCode);
        Assert.All(["demo", "up", "down", "doctor", "synth", "dataset", "weights", "presets", "submit", "evaluate", "explain", "runs", "watch", "cancel", "retry", "dead-letters", "report"], name => Assert.Contains($"  {name} ", said.Output));
    }

    [Theory]
    [InlineData("watch", "not-a-run")]
    [InlineData("watch")]
    [InlineData("up", "--prt", "3")]
    [InlineData("demo", "--sed", "3")]
    [InlineData("runs", "--state", "done")]
    [InlineData("dataset", "push", "folder")]
    [InlineData("evaluate")]
    [InlineData("evaluate", "teacher")]
    [InlineData("evaluate", "weights:Not/A/Name")]
    [InlineData("evaluate", "weights:vkd", "--settings", "image-to-sound")]
    [InlineData("evaluate", "weights:vkd", "--gallery-frames", "1,two")]
    [InlineData("evaluate", "weights:vkd", "--protocol", "none")]
    [InlineData("evaluate", "--rerank", "weights:vkd")]
    [InlineData("evaluate", "weights:vkd", "--rerank", "20,6")]
    [InlineData("evaluate", "weights:vkd", "--expand", "5,1.5,3")]
    [InlineData("evaluate", "weights:vkd", "--roc", "1e-4,few")]
    [InlineData("evaluate", "weights:vkd", "--cmc", "market")]
    [InlineData("evaluate", "weights:vkd", "--cmc", "cuhk03:ten")]
    [InlineData("evaluate", "weights:vkd", "--distances", "global,lokal")]
    [InlineData("evaluate", "weights:vkd", "--multi-query", "median")]
    [InlineData("evaluate", "00000000000000000001:0")]
    [InlineData("explain", "weights:vkd", "--input", "256")]
    [InlineData("unknown")]
    public async Task Answers_wrong_arguments_with_2_and_where_to_read_on(params string[] arguments)
    {
        var said = await CommandLine.RunAsync(arguments);

        Assert.Equal(2, said.ExitCode);
        Assert.Contains("--help", said.Error);
        Assert.Empty(said.Output);
    }

    [Theory]
    [InlineData("`./reid presets` lists them", "presets", "nothing")]
    [InlineData("did you mean `demo-teacher`?", "submit", "--preset", "demo-techer")]
    [InlineData("is not 2 to 50 different seeds", "submit", "--preset", "demo-teacher", "--seeds", "5..1")]
    [InlineData("--seed and --seeds were both named", "submit", "--preset", "demo-teacher", "--seeds", "1..3", "--seed", "2")]
    [InlineData("named more than once", "compare", "00000000000000000001", "00000000000000000001")]
    [InlineData("what is to be run?", "submit")]
    [InlineData("both named", "submit", "file.json", "--preset", "demo-teacher")]
    [InlineData("there is no file 'no such.json'", "submit", "no such.json")]
    [InlineData("$.method.teacher.run", "submit", "--preset", "demo-student", "--dataset", "people")]
    [InlineData("$.method.teacher.run", "submit", "--preset", "demo-teacher", "--teacher", "00000000000000000000")]
    [InlineData("$.method.student.run", "submit", "--preset", "demo-teacher", "--student", "00000000000000000000")]
    [InlineData("$.epocs", "submit", "--preset", "demo-teacher", "--set", "epocs=3")]
    [InlineData("$.method.student.run", "submit", "--preset", "vkd-mars-resnet101-to-resnet34", "--teacher", "00000000000000000001")]
    [InlineData("--from-scratch has no effect", "submit", "--preset", "demo-teacher", "--from-scratch")]
    [InlineData("names no network", "submit", "--preset", "demo-student", "--teacher", "weights:")]
    [InlineData("duke-video-reid", "presets", "--dataset", "duke")]
    [InlineData("cross-student", "presets", "--role", "pupil")]
    [InlineData("no preset is all of that", "presets", "--backbone", "resnet18", "--role", "cross-student")]
    [InlineData("nothing to list", "presets", "demo-teacher", "--role", "teacher")]
    [InlineData("on which data set?", "evaluate", "weights:vkd")]
    [InlineData("on which data set?", "explain", "weights:vkd")]
    [InlineData("cameras", "synth", "--output", "x.zip", "--cameras", "77")]
    [InlineData("cannot be written", "synth", "--output", "/no/such/folder/x.zip")]
    public async Task Refuses_before_anything_is_sent(string complaint, params string[] arguments)
    {
        var said = await CommandLine.RunAsync([.. arguments, "--url", $"http://localhost:{FreePort()}"]);

        Assert.Equal(2, said.ExitCode);
        Assert.Contains(complaint, said.Error);
        Assert.DoesNotContain("no answer", said.Error);
    }

    [Theory]
    [InlineData("submit", "sumbit")]
    [InlineData("--json", "watch", "--jsn", "00000000000000000001")]
    [InlineData("--backbone", "presets", "--bckbone", "resnet50")]
    [InlineData("push", "dataset", "psuh")]
    [InlineData("--url", "dataset", "list", "--ur", "http://localhost")]
    public async Task Says_what_a_mistyped_word_may_have_meant(string meant, params string[] arguments)
    {
        var said = await CommandLine.RunAsync(arguments);

        Assert.Equal(2, said.ExitCode);
        Assert.Contains($"did you mean `{meant}`?", said.Error);
    }

    [Fact]
    public void Whatever_prints_a_result_prints_it_as_JSON_too()
    {
        var without = Leaves(ReidCommand.Create(new Shell(new Terminal(TextWriter.Null, TextWriter.Null))))
            .Where(command => command.Options.All(option => option.Name != "--json")).Select(command => command.Name);

        // One prints a script, the other nothing.
        Assert.Equal(["completion", "prepare"], without);
        static IEnumerable<System.CommandLine.Command> Leaves(System.CommandLine.Command command) =>
            command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
    }

    [Fact]
    public async Task Prints_a_preset_that_can_be_submitted_as_it_is()
    {
        var said = await CommandLine.RunAsync("presets", "demo-teacher");

        Assert.Equal(0, said.ExitCode);
        Assert.IsType<TrainSpec>(ReidJson.Read<RunSpec>(System.Text.Encoding.UTF8.GetBytes(said.Output)));
    }

    [Fact]
    public async Task Lists_the_presets_that_are_asked_for()
    {
        var said = await CommandLine.RunAsync("presets", "--dataset", "veri-776", "--backbone", "resnet50", "--json");

        Assert.Equal(
            ["vkd-veri-776-resnet50-teacher", "vkd-veri-776-resnet50-student", "vkd-veri-776-resnet101-to-resnet50"],
            JsonDocument.Parse(said.Output).RootElement.EnumerateArray().Select(preset => preset.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Says_how_to_start_a_system_when_none_answers()
    {
        var said = await CommandLine.RunAsync("runs", "--url", $"http://localhost:{FreePort()}");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("./reid up", said.Error);
        Assert.DoesNotContain("   at ", said.Error);
    }

    [Fact]
    public async Task Refuses_an_address_that_is_not_http()
    {
        var said = await CommandLine.RunAsync("runs", "--url", "localhost:7071");

        Assert.Equal(2, said.ExitCode);
        Assert.Contains("'localhost:7071'", said.Error);
    }

    [Fact]
    public async Task Refuses_to_push_what_is_neither_zip_nor_folder()
    {
        var said = await CommandLine.RunAsync("dataset", "push", "/nowhere/at all.zip", "--name", "mine");

        Assert.Equal(2, said.ExitCode);
        Assert.Contains("/nowhere/at all.zip", said.Error);
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
