using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Docs.Pages;

/// <summary>
/// The types of JSON as chapters of a page: a table of members for a record, of kinds for a choice, of values for an enumeration. What a member means is its
/// summary in the sources; what it must be and what it is when left out is read off the serializer.
/// </summary>
/// <param name="isAskedFor">Whether people write it, and so must know what may be left out, or only read it.</param>
/// <param name="elsewhere">Types that another page describes, and that page's address.</param>
/// <param name="heading">How a chapter's heading begins.</param>
internal sealed class RecordSections(bool isAskedFor, IReadOnlyDictionary<Type, string> elsewhere, string heading = "##")
{
    private static readonly JsonSerializerOptions Plain = new(ReidJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly NullabilityInfoContext Nullability = new();

    private readonly StringBuilder _text = new();
    private readonly List<Type> _wanted = [];

    /// <summary>The types that have a chapter.</summary>
    public IReadOnlyList<Type> Described => _wanted;

    /// <summary>Chapters for these types and for all that they are made of, each once.</summary>
    public string Of(params IEnumerable<Type> roots)
    {
        foreach (var root in roots)
        {
            Want(root);
        }

        for (var i = 0; i < _wanted.Count; i++)
        {
            Write(_wanted[i]);
        }

        return _text.ToString();
    }

    private void Write(Type type)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{heading} {NameOf(type)}\n\n");
        if (SourceComments.Of(type) is { } summary)
        {
            _text.Append(summary).Append("\n\n");
        }

        var kinds = type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).ToList();
        if (type.IsEnum)
        {
            var names = NameConverterFactory.NamesOf(type);
            var fields = type.GetFields(BindingFlags.Public | BindingFlags.Static);
            Table(["value", "meaning"], [.. names.Zip(fields, (name, field) => (string[])[$"`{name}`", SourceComments.Of(field) ?? ""])]);
        }
        else if (kinds.Count > 0)
        {
            Table(["`kind`", "is a", "meaning"], [.. kinds.Select(kind => (string[])[$"`{kind.TypeDiscriminator}`", Link(kind.DerivedType), FirstSentence(SourceComments.Of(kind.DerivedType))])]);
        }
        else if (Members(type) is { Count: > 0 } members)
        {
            Table(isAskedFor ? ["member", "is", "left out", "meaning"] : ["member", "is", "meaning"], members);
        }
        else
        {
            _text.Append("No members of its own.\n\n");
        }
    }

    private IReadOnlyList<string[]> Members(Type type)
    {
        var instance = isAskedFor ? Example(type) : null;
        return [.. Properties(type).Select(member =>
        {
            var property = (PropertyInfo)member.AttributeProvider!;
            var what = Words(property.PropertyType) + (isAskedFor ? "" : Absence(property));
            string[] row = [$"`{member.Name}`", what];
            return (string[])[.. row, .. isAskedFor ? [Default(member, instance!)] : Array.Empty<string>(), SourceComments.Of(property) ?? ""];
        })];
    }

    private static IEnumerable<JsonPropertyInfo> Properties(Type type) => Plain.GetTypeInfo(type).Properties
        .Where(member => member is { Get: not null, AttributeProvider: PropertyInfo })
        .OrderBy(member => member.AssociatedParameter is { IsMemberInitializer: false } parameter ? parameter.Position : int.MaxValue);

    private static string Absence(PropertyInfo property) =>
        Nullability.Create(property).ReadState != NullabilityState.Nullable ? ""
        : property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.Never ? ", or null" : ", or absent";

    private static string Default(JsonPropertyInfo member, object instance) =>
        member.AssociatedParameter is { IsMemberInitializer: false, HasDefaultValue: false } || member.IsRequired
            ? "must be there"
            : member.Get!(instance) is { } value ? IsItself(value, member.PropertyType) ? "all its own" : $"`{JsonSerializer.Serialize(value, member.PropertyType, Plain)}`" : "–";

    /// <summary>Whether a record is as it is with all of its members left out.</summary>
    private static bool IsItself(object value, Type type) =>
        type == value.GetType() && ItemOf(type) is null && type.IsClass && type != typeof(string) && IsOurs(type)
        && JsonSerializer.Serialize(value, type, Plain) == JsonSerializer.Serialize(Example(type), type, Plain);

    private static bool IsOurs(Type type) => type.Namespace!.StartsWith(nameof(ReidCloud), StringComparison.Ordinal);

    /// <summary>A value of the type with its defaults; what must be there is anything.</summary>
    private static object Example(Type type)
    {
        if (type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).FirstOrDefault() is { } kind)
        {
            return Example(kind.DerivedType);
        }

        if (type == typeof(string) || type.IsValueType)
        {
            return type == typeof(string) ? "" : Activator.CreateInstance(type)!;
        }

        if (ItemOf(type) is { } item)
        {
            return Array.CreateInstance(item, 0);
        }

        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue : Example(parameter.ParameterType))]);
    }

    private string Words(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(byte[]) => "bytes in base64",
            _ when type == typeof(RunId) => "run id",
            { IsEnum: true } when type.GetFields(BindingFlags.Public | BindingFlags.Static).All(field => SourceComments.Of(field) is null) && SourceComments.Of(type) is null =>
                string.Join(", ", NameConverterFactory.NamesOf(type).Select(name => $"`{name}`")),
            { IsEnum: true } => Link(type),
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(string) => "text",
            _ when type == typeof(int) || type == typeof(long) => "whole number",
            _ when type == typeof(double) => "number",
            _ when type == typeof(TimeSpan) => "time span",
            _ when type == typeof(DateTimeOffset) => "time",
            _ when type == typeof(Uri) => "address",
            _ when ValueOf(type) is { } value => $"object of {Plural(Words(value))} by name",
            _ when ItemOf(type) is { } item => $"list of {Plural(Words(item))}",
            _ => Link(type),
        };
    }

    private string Link(Type type)
    {
        var page = elsewhere.GetValueOrDefault(type);
        if (page is null)
        {
            Want(type);
        }

        return $"[{NameOf(type)}]({page}#{NameOf(type).ToLowerInvariant()})";
    }

    private void Want(Type type)
    {
        if (!_wanted.Contains(type))
        {
            _wanted.Add(type);
        }
    }

    /// <summary>The last column is left out where it says nothing.</summary>
    private void Table(string[] columns, IReadOnlyList<string[]> rows)
    {
        var says = rows.Any(row => row[^1].Length > 0);
        _text.Append(MarkdownTable.Of(says ? columns : columns[..^1], says ? rows : rows.Select(row => row[..^1]))).Append('\n');
    }

    private static string FirstSentence(string? summary) => summary is null ? "" : summary.Split(". ", 2) is [var first, _] ? $"{first}." : summary;

    private static string Plural(string words) => words[0] is '[' or '`' || words.StartsWith("list ", StringComparison.Ordinal) || words == "text" ? words : $"{words}s";

    private static Type? ItemOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GenericTypeArguments[0] : null;

    private static Type? ValueOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? type.GenericTypeArguments[1] : null;

    private static string NameOf(Type type) => type.IsGenericType ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;
}
