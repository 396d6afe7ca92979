using System.Diagnostics;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Cli.Completion;

/// <summary>The scripts are asked what bash asks on Tab, in a real bash.</summary>
public sealed class CompletionScriptTests
{
    [Theory]
    [InlineData("reid su", "submit")]
    [InlineData("./reid su", "submit")]
    [InlineData("reid dataset ", "combine derive pack push list show")]
    [InlineData("reid weights export x --ou", "--output")]
    [InlineData("reid runs --state ", "waiting queued running succeeded failed cancelled")]
    [InlineData("reid submit --priority ", "normal high")]
    [InlineData("reid submit --preset demo", "demo-teacher demo-student demo-aligned demo-aligned-mutual demo-camera-batch-norm demo-two-stream demo-mvd demo-mvd-pytorch demo-mvd-mindspore")]
    [InlineData("reid presets debug", "debug-teacher debug-student")]
    [InlineData("reid evaluate x --settings image", "image-to-image image-to-video")]
    [InlineData("reid --url http://localhost ca", "cancel")]
    [InlineData("reid completion ", "bash zsh fish")]
    [InlineData("reid submit --dataset ", "")]
    [InlineData("reid be", "bench")]
    [InlineData("reid bench --c", "--check")]
    [InlineData("reid test --", "--golden")]
    public async Task Bash_completes_commands_options_and_what_they_take(string typed, string expected)
    {
        var script = await ScriptAsync("bash");

        var completed = await BashAsync($"{script}\nCOMP_WORDS=({string.Join(' ', typed.Split(' ').Select(word => $"'{word}'"))})\nCOMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n_reid\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n");

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), completed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_preset_is_completed()
    {
        var script = await ScriptAsync("bash");

        Assert.All(Presets.All, preset => Assert.Contains($"'{preset.Name}'", script, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Every_shell_is_told_the_same_words(string shell)
    {
        var script = await ScriptAsync(shell);

        Assert.Contains("'reid runs --state'", script, StringComparison.Ordinal);
        Assert.Contains("'succeeded'", script, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', script);
    }

    private static async Task<string> ScriptAsync(string shell)
    {
        var said = await CommandLine.RunAsync("completion", shell);
        Assert.True(said.ExitCode == 0, said.Error);
        return said.Output;
    }

    private static async Task<string> BashAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["--norc", "-u"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        Assert.True(bash.ExitCode == 0, await error);
        return await output;
    }
}
