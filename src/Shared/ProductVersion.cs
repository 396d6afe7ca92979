using System.Reflection;

namespace ReidCloud;

/// <summary>The version of this build, with the commit it was made from: `0.1.0+abc…`. Stands in reports and in what the API says of itself.</summary>
public static class ProductVersion
{
    public static string Current { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
