using System.Globalization;
using System.Reflection;
using System.Text;

namespace ReidCloud.Tests.Standins;

/// <summary>What a library offers, one line for each public type and member: what source code can bind to, and nothing else.</summary>
internal static class PublicSurface
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>Members once, with the type that introduces them.</summary>
    public static IReadOnlyList<string> Declared(IEnumerable<Assembly> assemblies) =>
        Lines(assemblies, type => type.GetMembers(Public | BindingFlags.DeclaredOnly).Where(member => !IsOverride(member)));

    /// <summary>Members with every type that has them, wherever in its ancestry they are declared.</summary>
    public static IReadOnlyList<string> Reachable(IEnumerable<Assembly> assemblies) =>
        Lines(assemblies, type => type.GetMembers(Public | BindingFlags.FlattenHierarchy)
            .Concat(type.IsInterface ? type.GetInterfaces().SelectMany(parent => parent.GetMembers(Public)) : []));

    private static IReadOnlyList<string> Lines(IEnumerable<Assembly> assemblies, Func<Type, IEnumerable<MemberInfo>> membersOf) =>
        [.. assemblies.SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(type => Lines(type, membersOf)).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type, Func<Type, IEnumerable<MemberInfo>> membersOf)
    {
        var name = Name(type);
        yield return $"{name} : {Kind(type)}";
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return Signature(type.GetMethod("Invoke")!, name);
            yield break;
        }

        foreach (var line in membersOf(type).Where(IsOffered).SelectMany(member => Lines(member, name)))
        {
            yield return line;
        }
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : "class";

    /// <summary>What every .NET object has, and what the compiler makes for itself, does not count.</summary>
    private static bool IsOffered(MemberInfo member) =>
        member is not Type && !member.Name.Contains('<') && !IsOfNet(Method(member)?.GetBaseDefinition().DeclaringType ?? member.DeclaringType!);

    private static bool IsOverride(MemberInfo member) => Method(member) is { } method && method.GetBaseDefinition() != method;

    private static MethodInfo? Method(MemberInfo member) => member switch
    {
        MethodInfo method => method,
        PropertyInfo property => property.GetAccessors()[0],
        EventInfo happening => happening.AddMethod,
        _ => null,
    };

    private static bool IsOfNet(Type type) => type.Namespace == "System" || type.Namespace?.StartsWith("System.", StringComparison.Ordinal) == true;

    private static IEnumerable<string> Lines(MemberInfo member, string type) => member switch
    {
        ConstructorInfo constructor => [$"{type}.new({Parameters(constructor)})"],
        FieldInfo { IsLiteral: true, DeclaringType.IsEnum: true } value => [$"{type}.{value.Name} = {Convert.ToInt64(value.GetRawConstantValue(), CultureInfo.InvariantCulture)}"],
        FieldInfo { IsSpecialName: false } field => [$"{type}.{field.Name} : {Static(field.IsStatic)}field {Name(field.FieldType)}"],
        PropertyInfo property => Accessors(property, type),
        EventInfo happening => [$"{type}.{happening.Name} : event {Name(happening.EventHandlerType!)}"],
        MethodInfo method when !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal) => [Signature(method, $"{type}.{method.Name}")],
        _ => [],
    };

    private static IEnumerable<string> Accessors(PropertyInfo property, string type)
    {
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
        foreach (var accessor in property.GetAccessors())
        {
            var isInit = accessor.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit");
            var word = accessor == property.GetMethod ? "get" : isInit ? "init" : "set";
            yield return $"{type}.{property.Name}{index} : {Static(accessor.IsStatic)}{word} {Name(property.PropertyType)}";
        }
    }

    private static string Signature(MethodInfo method, string name)
    {
        var arguments = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        return $"{name}{arguments}({Parameters(method)}) : {Static(method.IsStatic)}{Name(method.ReturnType)}";
    }

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var way = parameter.GetCustomAttributesData().Any(data => data.AttributeType.Name is "ParamArrayAttribute" or "ParamCollectionAttribute") ? "params "
            : !type.IsByRef ? ""
            : parameter.IsOut ? "out "
            : parameter.IsIn ? "in "
            : "ref ";
        var value = parameter.HasDefaultValue ? $" = {Constant(parameter.RawDefaultValue)}" : "";
        return $"{way}{Name(type.IsByRef ? type.GetElementType()! : type)} {parameter.Name}{value}";
    }

    private static string Constant(object? value) => value switch
    {
        null or DBNull or Missing => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum or char => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>As C# writes it: with type arguments in place, nested types behind dots, the usual keywords.</summary>
    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return "ref " + Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (type.IsPointer)
        {
            return Name(type.GetElementType()!) + "*";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        return Nullable.GetUnderlyingType(type) is { } inner ? Name(inner) + "?" : Keyword(type) ?? FullName(type);
    }

    private static string? Keyword(Type type) => type.IsEnum || type.Namespace != "System" ? null : type.Name switch
    {
        "Void" => "void",
        "Object" => "object",
        "String" => "string",
        "Boolean" => "bool",
        "Byte" => "byte",
        "SByte" => "sbyte",
        "Int16" => "short",
        "Int32" => "int",
        "Int64" => "long",
        "UInt16" => "ushort",
        "UInt32" => "uint",
        "UInt64" => "ulong",
        "Single" => "float",
        "Double" => "double",
        _ => null,
    };

    private static string FullName(Type type)
    {
        var name = new StringBuilder(type.Namespace);
        var arguments = new Queue<Type>(type.GetGenericArguments());
        var chain = new Stack<Type>();
        for (var link = type; link is not null; link = link.DeclaringType)
        {
            chain.Push(link);
        }

        foreach (var link in chain)
        {
            var tick = link.Name.IndexOf('`', StringComparison.Ordinal);
            name.Append('.').Append(tick < 0 ? link.Name : link.Name[..tick]);
            if (tick >= 0)
            {
                var own = Enumerable.Range(0, int.Parse(link.Name[(tick + 1)..], CultureInfo.InvariantCulture)).Select(_ => Name(arguments.Dequeue()));
                name.Append('<').AppendJoin(", ", own).Append('>');
            }
        }

        return name.ToString();
    }
}
