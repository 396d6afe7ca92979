using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace ReidCloud.Cli.Checkup;

/// <summary>The SDK and where packages come from.</summary>
internal static class DotnetChecks
{
    private const string Variable = "ReidPackages";

    public static async Task<Check> SdkAsync(Workplace place, CancellationToken cancellationToken)
    {
        const string name = ".NET SDK";
        return await ProgramOutput.OfAsync("dotnet", "--version", place.Root, cancellationToken) is { } version
            ? new Check(name, Verdict.Ok, $"{version}, running on {RuntimeInformation.FrameworkDescription} ({RuntimeInformation.RuntimeIdentifier})")
            : new Check(name, Verdict.Fault, "no SDK that global.json accepts", "install the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0");
    }

    public static Check Packages(Workplace place)
    {
        const string name = "package mode";
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            return new Check(name, Verdict.Ok, chosen);
        }

        var file = Path.Combine(place.Root, $"{Variable}.props");
        return File.Exists(file) && XDocument.Load(file).Descendants(Variable).FirstOrDefault()?.Value is { } kept
            ? new Check(name, Verdict.Ok, $"{kept}, kept in {Variable}.props")
            : new Check(name, Verdict.Warning, "not chosen yet, so the ordinary registry's", "`./reid prepare` asks the registry and keeps the answer");
    }
}
