using System.Diagnostics;

namespace ReidCloud.Cli.Local;

/// <summary>
/// A package for Node in a folder of .reid, exactly as its package-lock.json pins it. Installed beside and moved into place whole, so that an interrupted
/// installation is never mistaken for one.
/// </summary>
/// <param name="pinned">The folder with package.json and package-lock.json.</param>
/// <param name="folder">Where it is installed.</param>
/// <param name="main">A file that is there when it is.</param>
internal sealed class NodeInstallation(Workplace place, string name, string what, string pinned, string folder, string main)
{
    private const string Lock = "package-lock.json";
    private const string Manifest = "package.json";

    public static NodeInstallation Azurite(Workplace place) =>
        new(place, "Azurite", "local storage, about 370 MB", place.AzuriteLock, place.Azurite, Path.Combine("azurite", "dist", "src", "azurite.js"));

    public static NodeInstallation OnnxRuntime(Workplace place) =>
        new(place, "ONNX Runtime", "checks exports, about 290 MB", place.OnnxRuntimeLock, place.OnnxRuntime, Path.Combine("onnxruntime-node", "dist", "index.js"));

    public string Program => Path.Combine(folder, "node_modules", main);

    /// <summary>Installed, and what the lock file says now.</summary>
    public bool IsCurrent
    {
        get
        {
            var installed = Path.Combine(folder, Lock);
            return File.Exists(Program) && File.Exists(installed)
                && File.ReadAllBytes(installed).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(pinned, Lock)));
        }
    }

    /// <summary>Installs it when it is not current.</summary>
    public async Task EnsureAsync(Terminal terminal, CancellationToken cancellationToken)
    {
        if (IsCurrent)
        {
            return;
        }

        await Progress.Bars.WaitAsync(
            terminal,
            $"Installing {name} ({what}) with npm",
            async bar =>
            {
                var began = Stopwatch.GetTimestamp();
                var installing = InstallAsync(cancellationToken);
                while (!installing.IsCompleted)
                {
                    bar.Show(null, Progress.Words.Duration(Stopwatch.GetElapsedTime(began)));
                    await Task.WhenAny(installing, Task.Delay(200, CancellationToken.None));
                }

                await installing;
                return true;
            });
    }

    private async Task InstallAsync(CancellationToken cancellationToken)
    {
        var aside = $"{folder}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(aside);
            File.Copy(Path.Combine(pinned, Manifest), Path.Combine(aside, Manifest), overwrite: true);
            File.Copy(Path.Combine(pinned, Lock), Path.Combine(aside, Lock), overwrite: true);
            await NpmAsync(aside, cancellationToken);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.Move(aside, folder);
        }
        finally
        {
            if (Directory.Exists(aside))
            {
                Directory.Delete(aside, recursive: true);
            }
        }
    }

    /// <summary>No package's own scripts are run: these need none, and ONNX Runtime's would fetch libraries for GPUs.</summary>
    private async Task NpmAsync(string aside, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm")
        {
            WorkingDirectory = aside,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error" })
        {
            start.ArgumentList.Add(argument);
        }

        using var npm = Start(start, name);
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

        var log = Path.Combine(place.Logs, $"{Path.GetFileName(folder)}-install.log");
        Directory.CreateDirectory(place.Logs);
        await File.WriteAllTextAsync(log, await output + await errors, CancellationToken.None);
        if (npm.ExitCode != 0)
        {
            throw CommandException.Fault(
                $"npm could not install {name}:{Environment.NewLine}{(await errors).Trim()}", $"the whole log is {log}; is npm's registry reachable?");
        }
    }

    private static Process Start(ProcessStartInfo start, string name)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw CommandException.Fault($"npm is missing, which installs {name}", "`./reid prepare` installs it (Debian's packages nodejs and npm)");
        }
    }
}
