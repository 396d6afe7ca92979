using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ReidCloud.Specs;

namespace ReidCloud.Cli;

/// <summary>
/// The `--set path=value` of submit: changes a request before it is sent. Paths are those of error messages, with or without `$.`; values are
/// JSON, or else plain text. What stands beside a changed member at its default is left to its default, which may be another now: another backbone has its
/// own last stride, another kind of loss its own weight and no temperature. Whether the result is a valid request is decided where all requests are: a
/// mistyped last name is refused there.
/// </summary>
internal static class SpecEdits
{
    /// <summary>A member to be read as what the last part of a path names.</summary>
    private sealed record Step(string? Name, int Index);

    public static RunSpec Apply(RunSpec spec, IEnumerable<string> edits)
    {
        var before = ReidJson.Canonical(spec);
        var root = JsonNode.Parse(before)!;
        IReadOnlyList<IReadOnlyList<Step>> edited = [.. edits.Select(edit => Apply(root, edit))];
        foreach (var steps in edited)
        {
            LeaveToDefaults(root, steps, edited, before);
        }

        return ReidJson.Read<RunSpec>(JsonSerializer.SerializeToUtf8Bytes(root, ReidJson.Options));
    }

    /// <summary>Whether `path=value` sets that member, or one that it is part of.</summary>
    public static bool Concerns(string edit, string member)
    {
        var path = edit.Split('=')[0].Trim();
        path = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        return member == path || member.StartsWith($"{path}.", StringComparison.Ordinal);
    }

    /// <summary>Where it was changed.</summary>
    private static IReadOnlyList<Step> Apply(JsonNode root, string edit)
    {
        var equals = edit.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            throw CommandException.Mistake($"--set takes path=value, was '{edit}'", "for example --set epochs=3 or --set method.teacherViews=4");
        }

        var path = edit[..equals].Trim();
        var steps = Parse(path);
        var at = root;
        foreach (var step in steps.SkipLast(1))
        {
            at = Descend(at, step) ?? Begun(root, at, step) ?? throw NoSuch(path, step, at);
        }

        Put(at, steps[^1], Value(edit[(equals + 1)..]), path);
        return steps;
    }

    private static void LeaveToDefaults(JsonNode root, IReadOnlyList<Step> steps, IReadOnlyList<IReadOnlyList<Step>> edited, byte[] before)
    {
        if (Find(root, steps.SkipLast(1)) is not JsonObject members)
        {
            return;
        }

        foreach (var name in members.Select(member => member.Key).ToList())
        {
            IReadOnlyList<Step> beside = [.. steps.SkipLast(1), new Step(name, 0)];
            if (!edited.Any(other => other.Take(beside.Count).SequenceEqual(beside)) && IsAtDefault(before, beside))
            {
                members.Remove(name);
            }
        }
    }

    /// <summary>Whether a request says the same without that member.</summary>
    private static bool IsAtDefault(byte[] request, IReadOnlyList<Step> steps)
    {
        var root = JsonNode.Parse(request)!;
        if (Find(root, steps.SkipLast(1)) is not JsonObject members || !members.Remove(steps[^1].Name!))
        {
            return false;
        }

        try
        {
            return ReidJson.Canonical(ReidJson.Read<RunSpec>(JsonSerializer.SerializeToUtf8Bytes(root, ReidJson.Options))).AsSpan().SequenceEqual(request);
        }
        catch (SpecException)
        {
            // It must be there, so it has no default.
            return false;
        }
    }

    private static JsonNode? Find(JsonNode root, IEnumerable<Step> steps) => steps.Aggregate((JsonNode?)root, (at, step) => at is null ? null : Descend(at, step));

    private static JsonNode? Descend(JsonNode at, Step step) => (at, step) switch
    {
        (JsonObject members, { Name: { } name }) => members[name],
        (JsonArray items, { Name: null, Index: var index }) when index < items.Count => items[index],
        _ => null,
    };

    /// <summary>A member that was left out and has members of its own, such as `initialWeights`: it begins with what is named of it.</summary>
    private static JsonObject? Begun(JsonNode root, JsonNode at, Step step)
    {
        if (at is not JsonObject members || step.Name is not { } name
            || Contract(root, at.GetPath())?.Properties.FirstOrDefault(known => known.Name == name) is not { } property
            || Contract(property.PropertyType).Kind != JsonTypeInfoKind.Object)
        {
            return null;
        }

        var begun = new JsonObject();
        members[name] = begun;
        return begun;
    }

    /// <summary>What may stand at a place, by the kinds that stand on the way to it.</summary>
    private static JsonTypeInfo? Contract(JsonNode root, string path)
    {
        var (node, contract) = ((JsonNode?)root, (JsonTypeInfo?)OfKind(Contract(typeof(RunSpec)), root));
        foreach (var step in path == "$" ? [] : Parse(path))
        {
            node = node is null ? null : Descend(node, step);
            var type = step.Name is null ? contract?.ElementType : contract?.Properties.FirstOrDefault(known => known.Name == step.Name)?.PropertyType;
            contract = type is null || node is null ? null : OfKind(Contract(type), node);
        }

        return contract;
    }

    private static JsonTypeInfo Contract(Type type) => ReidJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);

    private static JsonTypeInfo? OfKind(JsonTypeInfo contract, JsonNode node) => contract.PolymorphismOptions is not { } kinds ? contract
        : kinds.DerivedTypes.FirstOrDefault(kind => kind.TypeDiscriminator as string == (node as JsonObject)?[kinds.TypeDiscriminatorPropertyName]?.ToString()).DerivedType is { } chosen ? Contract(chosen)
        : null;

    private static void Put(JsonNode at, Step step, JsonNode? value, string path)
    {
        switch (at, step)
        {
            case (JsonObject members, { Name: { } name }):
                members[name] = value;
                break;
            case (JsonArray items, { Name: null, Index: var index }) when index < items.Count:
                items[index] = value;
                break;
            default:
                throw NoSuch(path, step, at);
        }
    }

    /// <summary>`$.schedule.milestones[0]` as schedule, milestones, 0.</summary>
    private static IReadOnlyList<Step> Parse(string path)
    {
        var steps = new List<Step>();
        foreach (var part in (path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path).Split('.'))
        {
            var names = part.Split('[');
            if (names[0].Length > 0)
            {
                steps.Add(new Step(names[0], 0));
            }

            foreach (var index in names.Skip(1))
            {
                steps.Add(index.EndsWith(']') && int.TryParse(index[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                    ? new Step(null, place)
                    : throw CommandException.Mistake($"'{path}' is not a path", "for example method.losses[0].weight"));
            }
        }

        return steps.Count > 0 ? steps : throw CommandException.Mistake($"'{path}' is not a path", "for example method.losses[0].weight");
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static CommandException NoSuch(string path, Step step, JsonNode at) => CommandException.Mistake(
        $"--set {path}: there is no {step.Name ?? $"[{step.Index}]"} in {at.GetPath()}",
        at switch
        {
            JsonObject members => $"there are: {string.Join(", ", members.Select(member => member.Key))}",
            JsonArray items => $"it has {items.Count} entries",
            _ => null,
        });
}
