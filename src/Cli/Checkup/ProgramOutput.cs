using System.ComponentModel;
using System.Diagnostics;

namespace ReidCloud.Cli.Checkup;

/// <summary>What another program says about itself.</summary>
internal static class ProgramOutput
{
    /// <summary>Its standard output without the line end, or null when it is missing or fails.</summary>
    public static async Task<string?> OfAsync(string program, string argument, string folder, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, argument)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await errors;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
