using System.Diagnostics;

namespace ReidCloud.Cli.Local;

/// <summary>
/// Azurite in .reid/azurite, exactly as src/Cli/Azurite/package-lock.json pins it. Installed beside and moved into place whole, so that an
/// interrupted installation is never mistaken for one.
/// </summary>
internal static class AzuriteInstallation
{
    private const string Lock = "package-lock.json";
    private const string Manifest = "package.json";

    public static string Program(Workplace place) =>
        Path.Combine(place.Azurite, "node_modules", "azurite", "dist", "src", "azurite.js");

    /// <summary>Installed, and what the lock file says now.</summary>
    public static bool IsCurrent(Workplace place)
    {
        var installed = Path.Combine(place.Azurite, Lock);
        return File.Exists(Program(place)) && File.Exists(installed)
            && File.ReadAllBytes(installed).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(place.AzuriteLock, Lock)));
    }

    /// <summary>Installs it when it is not current.</summary>
    public static async Task EnsureAsync(Workplace place, Terminal terminal, CancellationToken cancellationToken)
    {
        if (IsCurrent(place))
        {
            return;
        }

        await Progress.Bars.WaitAsync(
            terminal,
            "Installing Azurite (local storage, about 370 MB) with npm",
            async bar =>
            {
                var began = Stopwatch.GetTimestamp();
                var installing = InstallAsync(place, cancellationToken);
                while (!installing.IsCompleted)
                {
                    bar.Show(null, Progress.Words.Duration(Stopwatch.GetElapsedTime(began)));
                    await Task.WhenAny(installing, Task.Delay(200, CancellationToken.None));
                }

                await installing;
                return true;
            });
    }

    private static async Task InstallAsync(Workplace place, CancellationToken cancellationToken)
    {
        var aside = $"{place.Azurite}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(aside);
            File.Copy(Path.Combine(place.AzuriteLock, Manifest), Path.Combine(aside, Manifest), overwrite: true);
            File.Copy(Path.Combine(place.AzuriteLock, Lock), Path.Combine(aside, Lock), overwrite: true);
            await NpmAsync(place, aside, cancellationToken);
            if (Directory.Exists(place.Azurite))
            {
                Directory.Delete(place.Azurite, recursive: true);
            }

            Directory.Move(aside, place.Azurite);
        }
        finally
        {
            if (Directory.Exists(aside))
            {
                Directory.Delete(aside, recursive: true);
            }
        }
    }

    /// <summary>No package's own scripts are run: Azurite needs none.</summary>
    private static async Task NpmAsync(Workplace place, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error" })
        {
            start.ArgumentList.Add(argument);
        }

        using var npm = Start(start);
        var output = npm.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = npm.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await npm.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw;
        }

        var log = Path.Combine(place.Logs, "azurite-install.log");
        Directory.CreateDirectory(place.Logs);
        await File.WriteAllTextAsync(log, await output + await errors, CancellationToken.None);
        if (npm.ExitCode != 0)
        {
            throw CommandException.Fault(
                $"npm could not install Azurite:{Environment.NewLine}{(await errors).Trim()}", $"the whole log is {log}; is npm's registry reachable?");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw CommandException.Fault("npm is missing, which installs Azurite", "`./reid prepare` installs it (Debian's packages nodejs and npm)");
        }
    }
}
