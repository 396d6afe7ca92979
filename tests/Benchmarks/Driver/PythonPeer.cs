using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ReidCloud.GpuRunner;

namespace ReidCloud.Benchmarks;

/// <summary>
/// A Python script that lies beside this program: for each line on its standard input it does its work once and answers with the seconds (and whatever else,
/// behind blanks). Debian's python3-torch uses the same libtorch as this program does in mode standins.
/// </summary>
internal sealed class PythonPeer : IDisposable
{
    /// <summary>Its modules' versions in one line.</summary>
    public const string VersionsScript = """
        import platform
        from importlib import metadata
        found = []
        for name in ("torch", "numpy", "pillow"):
            try:
                found.append(name + " " + metadata.version(name))
            except metadata.PackageNotFoundError:
                pass
        print("Python " + platform.python_version() + " with " + (", ".join(found) or "no module that is measured"))
        """;

    private readonly Process _process;

    private PythonPeer(Process process) => _process = process;

    /// <summary>Debian's, whatever else the path has first.</summary>
    public static string Interpreter { get; } = Environment.GetEnvironmentVariable("REIDCLOUD_PYTHON") ?? "/usr/bin/python3";

    /// <summary>What is missing for a script that imports these modules, and how to get it; null when nothing is. For <see cref="Figure.Without"/>.</summary>
    public static string? Missing(params string[] modules)
    {
        var packages = string.Join(' ', modules.Select(module => $"python3-{(module == "PIL" ? "pil" : module)}"));
        var remedy = $"`apt-get install {packages}`, or REIDCLOUD_PYTHON with an interpreter that has it";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Interpreter, ["-c", $"import {string.Join(", ", modules)}"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{Interpreter} cannot import {string.Join(", ", modules)}: {remedy}";
        }
        catch (Win32Exception)
        {
            return $"there is no {Interpreter}: {remedy}";
        }
    }

    /// <summary>As a person would start it: with the system's memory, and not as our workers have it.</summary>
    public static PythonPeer Start(string script, params string[] arguments) => Start(keepsMemory: false, script, arguments);

    /// <param name="keepsMemory">Whether it keeps memory as our workers do (<see cref="KeptMemory"/>).</param>
    public static PythonPeer Start(bool keepsMemory, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Interpreter, [Path.Combine(AppContext.BaseDirectory, script), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (!keepsMemory)
        {
            start.Environment.Remove(KeptMemory.Variable);
        }

        return new PythonPeer(Process.Start(start)!);
    }

    /// <summary>Has it work once; what it answers, split at blanks.</summary>
    public string[] Ask(string request = "")
    {
        _process.StandardInput.WriteLine(request);
        return _process.StandardOutput.ReadLine()?.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            ?? throw new InvalidOperationException($"{string.Join(' ', _process.StartInfo.ArgumentList)} ended; what it said stands above");
    }

    /// <summary>The seconds of one turn.</summary>
    public double Seconds(string request = "") => double.Parse(Ask(request)[0], CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
