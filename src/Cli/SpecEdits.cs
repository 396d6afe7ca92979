using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReidCloud.Specs;

namespace ReidCloud.Cli;

/// <summary>
/// The `--set path=value` of submit: changes a request before it is sent. Paths are those of error messages, with or without `$.`; values are
/// JSON, or else plain text. Whether the result is a valid request is decided where all requests are: a mistyped last name is refused there.
/// </summary>
internal static class SpecEdits
{
    /// <summary>A member to be read as what the last part of a path names.</summary>
    private sealed record Step(string? Name, int Index);

    public static RunSpec Apply(RunSpec spec, IEnumerable<string> edits)
    {
        JsonNode root = JsonNode.Parse(ReidJson.Canonical(spec))!;
        foreach (var edit in edits)
        {
            Apply(root, edit);
        }

        return ReidJson.Read<RunSpec>(JsonSerializer.SerializeToUtf8Bytes(root, ReidJson.Options));
    }

    private static void Apply(JsonNode root, string edit)
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
            at = Descend(at, step) ?? throw NoSuch(path, step, at);
        }

        Put(at, steps[^1], Value(edit[(equals + 1)..]), path);
    }

    private static JsonNode? Descend(JsonNode at, Step step) => (at, step) switch
    {
        (JsonObject members, { Name: { } name }) => members[name],
        (JsonArray items, { Name: null, Index: var index }) when index < items.Count => items[index],
        _ => null,
    };

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
