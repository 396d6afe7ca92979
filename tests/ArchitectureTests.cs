using System.Text.RegularExpressions;
using System.Xml.Linq;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests;

/// <summary>
/// Who may know whom: one row a folder. A file may use its own namespace, those that enclose it, and those of its row; nothing else of ours, and of the
/// libraries only those of its row. New folders need a row.
/// </summary>
public sealed partial class ArchitectureTests
{
    private const string Shared = "ReidCloud.Specs ReidCloud.Datasets ReidCloud.Reports ";
    private const string Tensors = "TorchSharp ";
    private const string Web = "Microsoft.AspNetCore Microsoft.Extensions Microsoft.Net.Http Microsoft.Azure.Functions.Worker ";

    /// <summary>What the store's clients throw; talking to the services is for ReidCloud.Runs alone.</summary>
    private const string StoreFaults = "=Azure ";

    private static readonly IReadOnlyDictionary<string, string> MayUse = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // The language that all processes speak. Pure but for Runs.
        ["Shared"] = "",
        ["Shared/Specs"] = Shared,
        ["Shared/Specs/Methods"] = Shared,
        ["Shared/Pickles"] = "",
        ["Shared/Datasets"] = Shared + "ReidCloud.Pickles ",
        ["Shared/Reports"] = Shared,
        ["Shared/Reports/Page"] = Shared + "ReidCloud.Reports.Comparisons ReidCloud.Reports.Page.Sections ReidCloud.Reports.Page.SideBySide ReidCloud.Reports.Page.Charts ",
        ["Shared/Reports/Page/SideBySide"] = Shared + "ReidCloud.Reports.Comparisons ReidCloud.Reports.Page.Charts ",
        ["Shared/Reports/Page/Sections"] = Shared + "ReidCloud.Reports.Page.Charts ",
        ["Shared/Reports/Page/Charts"] = Shared,
        ["Shared/Reports/Comparisons"] = Shared,
        ["Shared/Reports/TensorBoard"] = Shared,
        ["Shared/Weights"] = Shared + "ReidCloud.Pickles ",
        ["Shared/Runs"] = Shared + "ReidCloud.Weights Azure ",

        // Admit and show.
        ["Functions"] = Shared + "ReidCloud.Reports.Comparisons ReidCloud.Reports.Page ReidCloud.Runs ReidCloud.Weights ReidCloud.Functions.Api ReidCloud.Functions.Local " + Web + StoreFaults,
        ["Functions/Api"] = Shared + "ReidCloud.Reports.Page ReidCloud.Runs ReidCloud.Weights " + Web + StoreFaults,
        ["Functions/Local"] = Shared + Web,

        // Program → Runner → Jobs → Training, Evaluation, Data. Losses know no model, Data knows no model, only Runner and Jobs see runs.
        ["GpuRunner"] = Shared + Tensors + "ReidCloud.Reports.Page ReidCloud.Reports.TensorBoard ReidCloud.Runs ReidCloud.Weights ReidCloud.GpuRunner.Jobs ReidCloud.GpuRunner.Training ReidCloud.GpuRunner.Models "
            + "ReidCloud.GpuRunner.Evaluation ReidCloud.GpuRunner.Export ReidCloud.GpuRunner.Data Microsoft.Extensions ",
        ["GpuRunner/Jobs"] = Shared + Tensors + StoreFaults + "ReidCloud.Runs ReidCloud.Weights ReidCloud.GpuRunner.Training ReidCloud.GpuRunner.Models "
            + "ReidCloud.GpuRunner.Evaluation ReidCloud.GpuRunner.Explanation ReidCloud.GpuRunner.Export ReidCloud.GpuRunner.Insights ReidCloud.GpuRunner.Data ",
        ["GpuRunner/Insights"] = Shared + Tensors + "ReidCloud.GpuRunner.Models ReidCloud.GpuRunner.Evaluation ReidCloud.GpuRunner.Explanation ReidCloud.GpuRunner.Data ",
        ["GpuRunner/Training"] = Shared + Tensors + "ReidCloud.GpuRunner.Models ReidCloud.GpuRunner.Losses ReidCloud.GpuRunner.Data ",
        ["GpuRunner/Explanation"] = Shared + Tensors + "ReidCloud.GpuRunner.Models ReidCloud.GpuRunner.Data ",
        ["GpuRunner/Export"] = Shared + Tensors + "ReidCloud.GpuRunner.Models ReidCloud.GpuRunner.Onnx ReidCloud.GpuRunner.Data ",
        ["GpuRunner/Evaluation"] = Shared + Tensors + "ReidCloud.Weights ReidCloud.GpuRunner.Models ReidCloud.GpuRunner.Alignment ReidCloud.GpuRunner.Data ",

        // Of Data, Models take the random streams from which weights are drawn.
        ["GpuRunner/Models"] = Shared + Tensors + "ReidCloud.Weights ReidCloud.GpuRunner.Models.Backbones ReidCloud.GpuRunner.Onnx ReidCloud.GpuRunner.Data ",
        ["GpuRunner/Models/Backbones"] = Shared + Tensors + "ReidCloud.GpuRunner.Models ReidCloud.GpuRunner.Onnx ",

        // A file format: layers of tensors in, bytes out.
        ["GpuRunner/Onnx"] = Tensors,
        ["GpuRunner/Losses"] = "ReidCloud.Specs ReidCloud.GpuRunner.Alignment " + Tensors,

        // Arithmetic on tensors that training and measuring share.
        ["GpuRunner/Alignment"] = Tensors,
        ["GpuRunner/Data"] = Shared + Tensors + "SixLabors.ImageSharp ",

        // Hosts everything on one machine.
        ["Cli"] = "ReidCloud TorchSharp SixLabors.ImageSharp Spectre.Console Microsoft Azure ",
    };

    /// <summary>Project → the projects that it may refer to.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> MayReference = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Shared"] = [],
        ["Functions"] = ["Shared"],
        ["GpuRunner"] = ["Shared"],
        ["Cli"] = ["Functions", "GpuRunner", "Shared"],
    };

    /// <summary>Sources of chance and time that nobody passed in. The real clock enters where a process is composed.</summary>
    private static readonly string[] Banned =
        ["new Random(", "Random.Shared", "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "DateTime.Today"];

    private static readonly string Sources = Path.Combine(RepositoryRoot.Path, "src");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Sources, file).Replace('\\', '/'))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_uses_only_what_its_folder_may(string file) =>
        Assert.Equal([], Trespasses(file, File.ReadAllText(Path.Combine(Sources, file))));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_draws_no_chance_or_time_of_its_own(string file)
    {
        var code = Code(File.ReadAllText(Path.Combine(Sources, file)));

        Assert.Equal([], Banned.Where(symbol => code.Contains(symbol, StringComparison.Ordinal)));
    }

    [Fact]
    public void Projects_refer_only_to_those_they_may()
    {
        var references = Directory.EnumerateFiles(Sources, "*.csproj", SearchOption.AllDirectories).ToDictionary(
            project => Path.GetFileName(Path.GetDirectoryName(project)!),
            project => XDocument.Load(project).Descendants("ProjectReference")
                .Select(reference => reference.Attribute("Include")!.Value.Split('/')[^2]).Order().ToArray());

        Assert.Equal(MayReference.Keys.Order(), references.Keys.Order());
        Assert.All(references, pair => Assert.Equal(MayReference[pair.Key], pair.Value));
    }

    [Theory]
    [InlineData("GpuRunner/Losses/Bad.cs", "using ReidCloud.GpuRunner.Models;", "ReidCloud.GpuRunner.Models")]
    [InlineData("GpuRunner/Training/Bad.cs", "using ReidCloud.Runs;", "ReidCloud.Runs")]
    [InlineData("GpuRunner/Training/Bad.cs", "global using static ReidCloud.Runs.RunPaths;", "ReidCloud.Runs.RunPaths")]
    [InlineData("GpuRunner/Data/Bad.cs", "class Bad { ReidCloud.GpuRunner.Models.ReidModel model; }", "ReidCloud.GpuRunner.Models.ReidModel")]
    [InlineData("GpuRunner/Data/Bad.cs", "class Bad { Models.ReidModel model; }", "Models.ReidModel")]
    [InlineData("GpuRunner/Data/Bad.cs", "using Model = ReidCloud.GpuRunner.Models.ReidModel;", "ReidCloud.GpuRunner.Models.ReidModel")]
    [InlineData("GpuRunner/Jobs/Bad.cs", "using Azure.Storage.Blobs;", "Azure.Storage.Blobs")]
    [InlineData("Shared/Specs/Bad.cs", "class Bad { Runs.RunStore store; }", "Runs.RunStore")]
    [InlineData("Shared/Datasets/Bad.cs", "using Azure;", "Azure")]
    [InlineData("Shared/Reports/Bad.cs", "using TorchSharp;", "TorchSharp")]
    [InlineData("Functions/Bad.cs", "using ReidCloud.GpuRunner.Jobs;", "ReidCloud.GpuRunner.Jobs")]
    [InlineData("Shared/New/Bad.cs", "", "the folder has no row in the table")]
    public void A_trespass_is_seen(string file, string code, string trespass) => Assert.Equal([trespass], Trespasses(file, code));

    [Theory]
    [InlineData("GpuRunner/Jobs/Good.cs", "using Azure; using ReidCloud.Runs;")]
    [InlineData("GpuRunner/Losses/Good.cs", "// ReidCloud.GpuRunner.Models\n/// <see cref=\"Models.ReidModel\"/>\nusing static TorchSharp.torch;")]
    [InlineData("Shared/Specs/Good.cs", "using System.Text.Json; class Good { object x = storage.Runs.RunStore; string y = \"Runs.RunStore\"; }")]
    public void What_is_allowed_is_no_trespass(string file, string code) => Assert.Equal([], Trespasses(file, code));

    private static IReadOnlyList<string> Trespasses(string file, string text)
    {
        var folder = Path.GetDirectoryName(file)!.Replace('\\', '/');
        var row = MayUse.GetValueOrDefault(folder) ?? (folder.StartsWith("Cli/", StringComparison.Ordinal) ? MayUse["Cli"] : null);
        if (row is null)
        {
            return ["the folder has no row in the table"];
        }

        var own = NamespaceOf(folder);
        var allowed = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var code = Code(text);
        return [.. Uses(code).Distinct().Where(used => !IsAllowed(Resolve(used), own, allowed))];
    }

    private static bool IsAllowed(string used, string own, IReadOnlyCollection<string> allowed)
    {
        if (!IsWithin(used, "ReidCloud"))
        {
            return IsWithin(used, "System") || IsWithin(used, "Microsoft.Win32")
                || allowed.Any(name => name[0] == '=' ? used == name[1..] : IsWithin(used, name));
        }

        var space = Namespaces.Where(name => IsWithin(used, name)).MaxBy(name => name.Length)!;
        return IsWithin(own, space) || allowed.Contains(space) || allowed.Contains("ReidCloud");
    }

    private static bool IsWithin(string name, string space) => name == space || name.StartsWith(space + ".", StringComparison.Ordinal);

    /// <summary>Namespaces of ours, from the folders.</summary>
    private static HashSet<string> Namespaces { get; } = [.. Directory.EnumerateDirectories(Sources, "*", SearchOption.AllDirectories)
        .Select(folder => Path.GetRelativePath(Sources, folder).Replace('\\', '/')).Select(NamespaceOf)];

    private static string NamespaceOf(string folder) => string.Join('.', (string[])["ReidCloud", .. folder.Split('/').SkipWhile(part => part == "Shared")])
        .Replace(".Specs.Methods", ".Specs", StringComparison.Ordinal);

    /// <summary>Everything that a using or a dotted name brings in: libraries by their usings, ours also by names in code.</summary>
    private static IEnumerable<string> Uses(string code) =>
        UsingDirective().Matches(code).Select(match => match.Groups["name"].Value)
            .Concat(OurName().Matches(UsingDirective().Replace(NamespaceLine().Replace(code, ""), "")).Select(match => match.Value)
                .Where(name => name.StartsWith("ReidCloud.", StringComparison.Ordinal) || IsRelativeName(name)));

    /// <summary>`Runs.RunId` where a file of that name shows that it is a type of ours and not a member of something.</summary>
    private static bool IsRelativeName(string name) =>
        name.Split('.') is [var space, var type, ..] && Short.TryGetValue(space, out var folder) && File.Exists(Path.Combine(Sources, folder, $"{type}.cs"));

    private static string Resolve(string used) =>
        Short.TryGetValue(used.Split('.')[0], out var folder) ? $"{NamespaceOf(folder)}{used[used.Split('.')[0].Length..]}" : used;

    private static IReadOnlyDictionary<string, string> Short { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Specs"] = "Shared/Specs",
        ["Datasets"] = "Shared/Datasets",
        ["Reports"] = "Shared/Reports",
        ["Pickles"] = "Shared/Pickles",
        ["Weights"] = "Shared/Weights",
        ["Runs"] = "Shared/Runs",
        ["Jobs"] = "GpuRunner/Jobs",
        ["Training"] = "GpuRunner/Training",
        ["Models"] = "GpuRunner/Models",
        ["Losses"] = "GpuRunner/Losses",
        ["Evaluation"] = "GpuRunner/Evaluation",
        ["Explanation"] = "GpuRunner/Explanation",
        ["Insights"] = "GpuRunner/Insights",
        ["Export"] = "GpuRunner/Export",
        ["Onnx"] = "GpuRunner/Onnx",
        ["Data"] = "GpuRunner/Data",
    };

    /// <summary>The text without comments and plain strings.</summary>
    private static string Code(string text) => CommentOrString().Replace(text, " ");

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|""(?:\\.|[^""\\\n])*""", RegexOptions.Singleline)]
    private static partial Regex CommentOrString();

    [GeneratedRegex(@"\b(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?(?<name>[A-Z]\w*(?:\.\w+)*)\s*;")]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"^\s*namespace\s+[^;{]+", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)+")]
    private static partial Regex OurName();
}
