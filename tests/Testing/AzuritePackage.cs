using System.Diagnostics;

namespace ReidCloud.Tests.Testing;

/// <summary>
/// Azurite as ./reid installs it: the packages that src/Cli/Azurite/package-lock.json pins, in .reid/azurite. Installed here when that has not been
/// done, so that `dotnet test` alone is enough.
/// </summary>
internal static class AzuritePackage
{
    public static async Task<string> MainScriptAsync()
    {
        var root = RepositoryRoot.Path;
        var folder = Path.Combine(root, ".reid", "azurite");
        var script = Path.Combine(folder, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script))
        {
            Directory.CreateDirectory(folder);
            foreach (var name in (string[])["package.json", "package-lock.json"])
            {
                File.Copy(Path.Combine(root, "src", "Cli", "Azurite", name), Path.Combine(folder, name), overwrite: true);
            }

            using var npm = Process.Start("npm", ["ci", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel", "error"]);
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0 || !File.Exists(script))
            {
                throw new InvalidOperationException($"npm ci --prefix '{folder}' failed with {npm.ExitCode}; run ./reid doctor");
            }
        }

        return script;
    }
}
