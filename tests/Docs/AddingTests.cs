using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using ReidCloud.Tests.Testing;
using TorchSharp;

namespace ReidCloud.Tests.Docs;

/// <summary>
/// docs/adding.md, followed to the letter in a copy of the sources: its files are written, its lines put where it says. Then the copy is built and
/// Adding/Check.cs uses what was added.
/// </summary>
public sealed partial class AddingTests : IDisposable
{
    private static readonly string[] Copied = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig"];

    /// <summary>Its name opens the runner's internals to it.</summary>
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <AssemblyName>ReidCloud.Tests</AssemblyName>
          </PropertyGroup>
          <ItemGroup>
            <ProjectReference Include="../src/GpuRunner/ReidCloud.GpuRunner.csproj" />
            <PackageReference Include="TorchSharp" />
            <PackageReference Include="TorchSharp-cpu" />
          </ItemGroup>
        </Project>
        """;

    private readonly string _copy = Directory.CreateTempSubdirectory("reid-adding-").FullName;
    private readonly DocsPage _page = DocsPage.Named("adding.md");

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    [Fact]
    public async Task What_the_page_adds_is_built_and_used()
    {
        CopySources();
        var steps = Step().Matches(_page.Text);
        Assert.Equal(_page.Blocks.Count(block => block.Language == "csharp"), steps.Count);
        Assert.All(steps, Follow);
        File.WriteAllText(Path.Combine(_copy, "check", "request.json"), _page.Blocks.Single(block => block.Language == "json").Text);

        var said = await RunAsync("build", "-nologo", "-v", "q", "-c", Configuration, "-nodeReuse:false", $"-p:ReidStandins={RepositoryRoot.Path}/standins/", "-o", "out", "check/Check.csproj");
        Assert.True(said.ExitCode == 0, said.Text);
        said = await RunAsync("out/ReidCloud.Tests.dll", "check/request.json");

        Assert.True(said.ExitCode == 0, said.Text);
        Assert.Equal(
            """
            request: {"kind":"mirrored","views":2,"losses":[{"kind":"triplet","normalize":false,"weight":1},{"kind":"cross-entropy","labelSmoothing":0,"weight":1},{"kind":"confidence-penalty","weight":0.1}]}
            layout: visitors, 5 frames, no fault
            backbone: pocketnet, map 2x128x8x4, entries as the API knows them
            loss: confidence-penalty, -1.3863 of four equal scores
            method: mirrored, the loss falls
            """,
            said.Text.Trim().ReplaceLineEndings("\n"));
    }

    /// <summary>As this test was built, so that the substitutes of packages are not built a second time.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string PackageMode =>
        typeof(torch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(entry => entry.Key == "ReidCloud.Standin") ? "standins" : "nuget";

    private void Follow(Match step)
    {
        var (how, path, side, anchor, block) = (step.Groups[1].Value, Path.Combine(_copy, step.Groups[2].Value), step.Groups[3].Value, step.Groups[4].Value, step.Groups[5].Value);
        switch (how)
        {
            case "New file":
                Assert.False(File.Exists(path), $"{path} is there already");
                File.WriteAllText(path, block);
                break;
            case "At the end of" or "at the end of":
                File.AppendAllText(path, block);
                break;
            default:
                var lines = File.ReadAllLines(path).ToList();
                var at = Assert.Single(lines.Index(), line => line.Item.Trim() == anchor).Index;
                var indent = lines[at][..^lines[at].TrimStart().Length];
                lines.InsertRange(side == "after" ? at + 1 : at, block.TrimEnd('\n').Length + 1 < block.Length ? [.. Indented(block, indent), ""] : Indented(block, indent));
                File.WriteAllLines(path, lines);
                break;
        }
    }

    private static IEnumerable<string> Indented(string block, string indent) => block.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? line : indent + line);

    private void CopySources()
    {
        var source = Path.Combine(RepositoryRoot.Path, "src");
        foreach (var project in (string[])["Shared", "GpuRunner"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(source, project), "*", SearchOption.AllDirectories)
                .Where(file => !Path.GetRelativePath(source, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")))
            {
                Copy(file, Path.Combine("src", Path.GetRelativePath(source, file)));
            }
        }

        foreach (var file in Copied)
        {
            Copy(Path.Combine(RepositoryRoot.Path, file), file);
        }

        Copy(Path.Combine(RepositoryRoot.Path, "tests", "Docs", "Adding", "Check.cs"), Path.Combine("check", "Check.cs"));
        File.WriteAllText(Path.Combine(_copy, "check", "Check.csproj"), Project);
    }

    private void Copy(string file, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_copy, to))!);
        File.Copy(file, Path.Combine(_copy, to));
    }

    private async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _copy,
            RedirectStandardOutput = true,
            Environment = { ["ReidPackages"] = PackageMode, ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }

    [GeneratedRegex(@"(New file|In|At the end of|at the end of) `([^`]+)`(?:, (after|before) `([^`]+)`)?:\n\n```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Step();
}
