using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Docs.Pages;

/// <summary>The summaries of src/Shared as Markdown: code as code, members under their names in JSON.</summary>
internal static partial class SourceComments
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Summaries = new(() =>
        XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{typeof(RunSpec).Assembly.GetName().Name}.xml")).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Blanks().Replace(Markdown(member.Element("summary")!), " ").Trim(), StringComparer.Ordinal));

    public static string? Of(MemberInfo member) => Summaries.Value.GetValueOrDefault(member switch
    {
        Type type => $"T:{(type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName}",
        FieldInfo field => $"F:{field.DeclaringType!.FullName}.{field.Name}",
        _ => $"P:{member.DeclaringType!.FullName}.{member.Name}",
    });

    private static string Markdown(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => Name(see.Attribute("cref")?.Value ?? see.Value),
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "item" } item => $"{Markdown(item)} ",
        XElement inner => Markdown(inner),
        _ => "",
    }));

    private static string Name(string reference)
    {
        var name = reference[(reference.LastIndexOf('.') + 1)..];
        return reference.StartsWith("P:", StringComparison.Ordinal) ? $"`{JsonNamingPolicy.CamelCase.ConvertName(name)}`" : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
