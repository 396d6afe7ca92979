using System.ComponentModel;
using System.Diagnostics;

namespace ReidCloud.Benchmarks;

/// <summary>What a checkout is at, for a page that says what its figures were taken of.</summary>
internal static class Commit
{
    public static string Of(string root)
    {
        var id = Git(root, "rev-parse", "--short=10", "HEAD");
        return id is not { Length: > 0 } ? "unknown"
            : Git(root, "status", "--porcelain", "--", ".", ":!docs/benchmarks.md") is { Length: > 0 } ? $"{id} with changes" : id;
    }

    private static string? Git(string root, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("git", ["-C", root, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var said = process.StandardOutput.ReadToEnd().Trim();
            errors.Wait();
            process.WaitForExit();
            return process.ExitCode == 0 ? said : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
