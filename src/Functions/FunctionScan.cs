using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace ReidCloud.Functions;

/// <summary>A function that answers requests.</summary>
internal sealed record HttpFunction(string Name, MethodInfo Method, HttpTriggerAttribute Trigger)
{
    private const string Api = "/api/";

    /// <summary>
    /// Path below the root, with its parameters in braces. host.json has no route prefix, because with one nothing could stand at `/` itself; so each
    /// operation's route begins with `api/`.
    /// </summary>
    public string Path => $"/{Trigger.Route ?? Name}";

    /// <summary>An operation of the API, not the web page.</summary>
    public bool IsOperation => Path.StartsWith(Api, StringComparison.Ordinal);

    public IReadOnlyList<string> Verbs => [.. (Trigger.Methods ?? []).Select(verb => verb.ToUpperInvariant())];
}

/// <summary>A function that the clock sets off.</summary>
internal sealed record TimerFunction(string Name, MethodInfo Method, TimerTriggerAttribute Trigger);

/// <summary>The functions of this assembly as their attributes declare them: the same reading that the Functions host makes.</summary>
internal static class FunctionScan
{
    public static IReadOnlyList<HttpFunction> Http { get; } =
        [.. Triggered<HttpTriggerAttribute>().Select(found => new HttpFunction(found.Name, found.Method, found.Trigger))];

    public static IReadOnlyList<TimerFunction> Timers { get; } =
        [.. Triggered<TimerTriggerAttribute>().Select(found => new TimerFunction(found.Name, found.Method, found.Trigger))];

    private static IEnumerable<(string Name, MethodInfo Method, TTrigger Trigger)> Triggered<TTrigger>()
        where TTrigger : Attribute =>
        from type in typeof(FunctionScan).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<TTrigger>()).FirstOrDefault(found => found is not null)
        where trigger is not null
        orderby function.Name
        select (function.Name, method, trigger);
}
