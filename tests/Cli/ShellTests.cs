using ReidCloud.Cli;

namespace ReidCloud.Tests.Cli;

public sealed class ShellTests
{
    [Theory]
    [InlineData("http://reid.example")]
    [InlineData("http://10.0.0.7:7071/")]
    [InlineData("HTTP://localhost.example")]
    public void A_key_is_not_sent_in_clear_text_to_another_machine(string address)
    {
        var refusal = Assert.Throws<CommandException>(() => Shell.Client(address, "planted-key"));

        Assert.Equal(2, refusal.ExitCode);
        Assert.Contains("https", refusal.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-key", $"{refusal.Message} {refusal.Remedy}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://reid.example", "planted-key")]
    [InlineData("http://localhost:7071", "planted-key")]
    [InlineData("http://127.0.0.1:7071", "planted-key")]
    [InlineData("http://[::1]:7071", "planted-key")]
    [InlineData("http://10.0.0.7:7071", null)]
    public void Other_addresses_are_asked(string address, string? key)
    {
        using var client = Shell.Client(address, key);

        Assert.Equal(new Uri(address), client.Address);
    }
}
