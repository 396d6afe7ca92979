using System.Reflection;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Standins;

/// <summary>
/// The sources use no more of some libraries than the approved texts here say. Whatever assembly stands for such a library has all of it; one
/// that is only a substitute has nothing else, so that its growth is seen and compared with the real library's sources.
/// </summary>
public sealed class SurfaceTests
{
    public static TheoryData<string> Libraries() =>
        ["Azure.Messaging.ServiceBus", "Microsoft.Azure.Functions.Worker", "SixLabors.ImageSharp", "TorchSharp"];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_library_has_all_that_is_approved(string library)
    {
        Assert.True(File.Exists(ApprovedPath(library)), $"'{ApprovedPath(library)}' is missing");
        var reachable = PublicSurface.Reachable(Assemblies(library));

        Check(library, Approved(library).Except(reachable), "lacks");
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_substitute_has_nothing_that_is_not_approved(string library) =>
        Check(library, PublicSurface.Declared(Assemblies(library).Where(IsSubstitute)).Except(Approved(library)), "has without approval");

    [Fact]
    public void A_member_more_or_less_is_noticed()
    {
        var surface = PublicSurface.Declared(Assemblies("SixLabors.ImageSharp"));
        const string Known = "SixLabors.ImageSharp.Image<TPixel>.CopyPixelDataTo(System.Span<byte> destination) : void";

        Assert.Contains(Known, surface);
        Assert.Equal($"SixLabors.ImageSharp lacks: {Known}", Fault("SixLabors.ImageSharp", surface.Except(surface.Where(line => line != Known)), "lacks"));
        Assert.Null(Fault("SixLabors.ImageSharp", surface.Except(surface), "lacks"));
    }

    /// <summary>The real libraries are split over several assemblies whose names begin alike.</summary>
    private static IEnumerable<Assembly> Assemblies(string library) => Directory.EnumerateFiles(AppContext.BaseDirectory, library + "*.dll")
        .Select(path => Assembly.Load(new AssemblyName(Path.GetFileNameWithoutExtension(path))));

    private static bool IsSubstitute(Assembly assembly) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(metadata => metadata.Key == "ReidCloud.Standin");

    private static string[] Approved(string library) => File.Exists(ApprovedPath(library)) ? File.ReadAllLines(ApprovedPath(library)) : [];

    private static string ApprovedPath(string library) =>
        Path.Combine(RepositoryRoot.Path, "tests", "Standins", library + ".surface.approved.txt");

    private static void Check(string library, IEnumerable<string> differences, string how)
    {
        if (Fault(library, differences, how) is not { } fault)
        {
            return;
        }

        var approved = ApprovedPath(library);
        var received = approved.Replace(".approved.", ".received.", StringComparison.Ordinal);
        File.WriteAllLines(received, PublicSurface.Declared(Assemblies(library)));
        Assert.Fail($"{fault}. If the real library has the same, approve it: mv '{received}' '{approved}'");
    }

    private static string? Fault(string library, IEnumerable<string> differences, string how)
    {
        string[] lines = [.. differences];
        var rest = lines.Length > 5 ? $" and {lines.Length - 5} more" : "";
        return lines.Length == 0 ? null : $"{library} {how}: {string.Join("; ", lines.Take(5))}{rest}";
    }
}
