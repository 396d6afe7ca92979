using System.Reflection;
using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>The names that stand for the parts of a spec in JSON, read off the attributes that the serializer obeys.</summary>
public static class SpecKinds
{
    /// <summary>The kinds that may stand where a <typeparamref name="T"/> is asked for, in order of declaration.</summary>
    public static IReadOnlyList<string> Of<T>() => Of(typeof(T));

    /// <summary>A part's kind: `triplet` for a <see cref="TripletSpec"/>.</summary>
    public static string NameOf<T>(T part)
        where T : notnull => Derived(typeof(T)).First(derived => derived.DerivedType == part.GetType()).TypeDiscriminator!.ToString()!;

    internal static IReadOnlyList<string> Of(Type type) => [.. Derived(type).Select(derived => derived.TypeDiscriminator!.ToString()!)];

    internal static IEnumerable<JsonDerivedTypeAttribute> Derived(Type type) => type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false);
}
