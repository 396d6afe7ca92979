using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Docs;

/// <summary>
/// A checkout as the commands of the pages expect it, with a `./reid` that starts the command built here: its system (Azurite, API and runner, each a process)
/// has a folder and ports of its own, so that it meets no system of whoever runs the tests.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class LocalReid : IAsyncLifetime
{
    /// <summary>What the pages say, and the pages' readers have.</summary>
    private const string UsualPort = "7071";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>Real files, because a program's folder is where its file really is; the rest can be links.</summary>
    private static readonly string[] OfTheCommand = ["reid.dll", "reid.deps.json", "reid.runtimeconfig.json"];

    private readonly string _root = Directory.CreateTempSubdirectory("reid-docs-").FullName;
    private string _port = "";

    public async ValueTask InitializeAsync()
    {
        await AzuritePackage.MainScriptAsync();
        OnnxRuntimePackage.Folder();
        File.WriteAllText(Path.Combine(_root, "ReidCloud.sln"), "");
        Directory.CreateDirectory(Path.Combine(_root, ".reid"));
        foreach (var installed in (string[])[Path.Combine(".reid", "azurite"), Path.Combine(".reid", "onnxruntime"), "src"])
        {
            Directory.CreateSymbolicLink(Path.Combine(_root, installed), Path.Combine(RepositoryRoot.Path, installed));
        }

        var bin = Directory.CreateDirectory(Path.Combine(_root, "bin")).FullName;
        foreach (var entry in Directory.EnumerateFileSystemEntries(AppContext.BaseDirectory))
        {
            var to = Path.Combine(bin, Path.GetFileName(entry));
            if (OfTheCommand.Contains(Path.GetFileName(entry)))
            {
                File.Copy(entry, to);
            }
            else
            {
                File.CreateSymbolicLink(to, entry);
            }
        }

        var ports = FreePorts();
        _port = $"{ports[0]}";
        Script(Path.Combine(_root, "reid"), $"""
            #!/bin/bash
            case ${"{1-}"} in up | demo) set -- "$@" --port {ports[0]} --storage-port {ports[1]} ;; esac
            exec dotnet '{bin}/reid.dll' "$@"
            """);
    }

    /// <summary>Runs a script in the checkout, with the system up. What both streams said, in the order they said it.</summary>
    public async Task<(int ExitCode, string Said)> RunAsync(string script)
    {
        var file = Path.Combine(_root, "page.sh");
        Script(file, script.Replace(UsualPort, _port, StringComparison.Ordinal));
        var start = new ProcessStartInfo("/bin/bash", ["-c", $"./reid up --keep >up.log 2>&1 </dev/null || {{ cat up.log; exit 1; }}; exec /bin/bash '{file}' 2>&1 </dev/null"])
        {
            WorkingDirectory = _root,
            RedirectStandardOutput = true,
            Environment = { ["REIDCLOUD_URL"] = $"http://127.0.0.1:{_port}", ["NO_COLOR"] = "1", ["COLUMNS"] = "120" },
        };
        start.Environment.Remove("REIDCLOUD_KEY");
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync(new CancellationTokenSource(Limit).Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"the page's commands take longer than {Limit}");
        }

        return (process.ExitCode, (await said).Replace(_port, UsualPort, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        using (var down = Process.Start(new ProcessStartInfo(Path.Combine(_root, "reid"), ["down"]) { WorkingDirectory = _root, RedirectStandardError = true })!)
        {
            await down.WaitForExitAsync();
        }

        Directory.Delete(_root, recursive: true);
    }

    private static void Script(string file, string text)
    {
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>One for the API, and the first of three in a row for the storage. Nobody holds them until they are used.</summary>
    private static int[] FreePorts()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            using var first = Listen(0);
            var storage = ((IPEndPoint)first.LocalEndpoint).Port;
            if (storage < 65_000 && Enumerable.Range(storage + 1, 3).All(IsFree))
            {
                return [storage + 3, storage];
            }
        }

        throw new InvalidOperationException("no four ports in a row are free");
    }

    private static bool IsFree(int port)
    {
        try
        {
            Listen(port).Dispose();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }
}
