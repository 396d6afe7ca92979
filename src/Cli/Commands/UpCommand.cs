using System.CommandLine;
using ReidCloud.Cli.Local;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid up`: the whole system on this machine until Ctrl+C.</summary>
internal static class UpCommand
{
    public static Command Create(Shell shell)
    {
        var port = Arguments.FunctionsPort();
        var storagePort = Arguments.StoragePort();
        var keep = Arguments.Keep();
        var command = new Command("up", "Start storage, the HTTP API and a runner on this machine, and stop them on Ctrl+C") { port, storagePort, keep, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var place = Workplace.Find();
            var ports = new LocalPorts(parse.GetValue(port), parse.GetValue(storagePort));
            await using var system = await LocalSystem.StartAsync(place, ports, parse.GetValue(keep), shell.Terminal, cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(new Started(ports.Url, new Uri(ports.Url, "api/"), place.Logs));
            }

            shell.Terminal.Say($"The web page is at {ports.Url}, the API at {ports.Url}api (description: {ports.Url}api/openapi.json), logs are in {place.Logs}.");
            if (parse.GetValue(keep))
            {
                shell.Terminal.Say("It keeps running. `./reid down` stops it.");
                return ExitCode.Ok;
            }

            shell.Terminal.Say("Ctrl+C stops what was started here.");
            try
            {
                await system.WhileRunningAsync<bool>(
                    async token =>
                    {
                        await Task.Delay(Timeout.Infinite, token);
                        return true;
                    },
                    cancellationToken);
            }
            catch (OperationCanceledException)
            {
                shell.Terminal.Say("Stopping…");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>What runs now.</summary>
    private sealed record Started(Uri Page, Uri Api, string Logs);
}
