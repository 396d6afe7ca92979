using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ReidCloud.Datasets;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>Arguments that several commands take.</summary>
internal static partial class Arguments
{
    private const string Weights = "weights:";

    /// <summary>As many as the API compares.</summary>
    private const int MostRuns = 50;

    public static Argument<RunId> Run() => new("run")
    {
        Description = "The run's id: twenty hexadecimal digits, as `submit` and `runs` print it",
        CustomParser = result => ParseOptionalRun(result) ?? default,
    };

    /// <summary>Several runs, each once.</summary>
    public static Argument<RunId[]> Runs(string description, int fewest = 2) => new("runs")
    {
        Description = description,
        HelpName = "run…",
        Arity = new ArgumentArity(fewest, MostRuns),
        CustomParser = result =>
        {
            var runs = new List<RunId>();
            foreach (var token in result.Tokens)
            {
                if (!RunId.TryParse(token.Value, out var run))
                {
                    result.AddError(NoRun(token.Value));
                }
                else if (runs.Contains(run))
                {
                    result.AddError($"run {run} is named more than once: leave it out the other times");
                }
                else
                {
                    runs.Add(run);
                }
            }

            return [.. runs];
        },
    };

    public static RunId? ParseOptionalRun(ArgumentResult result)
    {
        if (RunId.TryParse(result.Tokens[0].Value, out var id))
        {
            return id;
        }

        result.AddError(NoRun(result.Tokens[0].Value));
        return null;
    }

    private static string NoRun(string text) => $"'{text}' is not a run id: twenty lowercase hexadecimal digits, as `./reid runs` lists them";

    /// <summary>A run's id, `RUN:2` for its second peer, or `weights:NAME`.</summary>
    public static CheckpointRef? ParseCheckpoint(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (RunId.TryParse(text, out var run))
        {
            return new CheckpointRef(run.ToString());
        }

        if (text.Split(':') is [var before, var behind] && RunId.TryParse(before, out var peers) && int.TryParse(behind, NumberStyles.None, CultureInfo.InvariantCulture, out var peer) && peer > 0)
        {
            return new CheckpointRef(peers.ToString()) { Peer = peer };
        }

        if (text.StartsWith(Weights, StringComparison.Ordinal) && DatasetName.IsValid(text[Weights.Length..]))
        {
            return CheckpointRef.Pushed(text[Weights.Length..]);
        }

        result.AddError($"'{text}' names no network: a run's id (twenty lowercase hexadecimal digits, as `./reid runs` lists them), with :2 behind it the second peer of mutual learning, or {Weights}NAME of weights that were pushed");
        return null;
    }

    /// <exception cref="CommandException">It is no place for a file.</exception>
    public static void RequireWritable(string file)
    {
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))) || Directory.Exists(file))
        {
            throw CommandException.Mistake($"'{file}' cannot be written: there is no such folder, or it is one itself", "name a file in a folder that exists");
        }
    }

    /// <exception cref="CommandException">There is none of that name.</exception>
    public static Preset Preset(string name) => Presets.All.FirstOrDefault(preset => preset.Name == name) ?? throw CommandException.Mistake(
        $"there is no preset '{name}'",
        $"{(NearestName.Of(name, Presets.All.Select(preset => preset.Name)) is { } meant ? $"did you mean `{meant}`? " : "")}`./reid presets` lists them");

    public static Option<CheckpointRef?> Checkpoint(string name, string description) => new(name)
    {
        Description = $"{description}: a run's id, or {Weights}NAME of weights that were pushed",
        HelpName = "network",
        CustomParser = ParseCheckpoint,
    };

    public static Option<bool> Watch() => new("--watch", "--wait") { Description = "Follow the run until it is done" };

    public static Option<RunPriority?> Priority() => new("--priority")
    {
        Description = $"How soon it is taken: {Names<RunPriority>()}. Asking again for a run that waits changes its priority",
        HelpName = "priority",
        CustomParser = result =>
        {
            var named = Named<RunPriority>(result.Tokens[0].Value);
            if (named is null)
            {
                result.AddError($"'{result.Tokens[0].Value}' is not one of: {Names<RunPriority>()}");
            }

            return named;
        },
    };

    public static Option<string[]> Set(string example) => new("--set")
    {
        Description = $"Change one place of the request, for example {example}",
        HelpName = "path=value",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Values separated by commas, or given by several options; what follows a blank is the command's own argument.</summary>
    public static Option<T[]?> List<T>(string name, string description, string helpName, Func<string, T?> parse, string wanted)
        where T : struct => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var values = new List<T>();
            foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)))
            {
                if (parse(text) is { } value)
                {
                    values.Add(value);
                }
                else
                {
                    result.AddError($"'{text}' is not {wanted}");
                }
            }

            return [.. values];
        },
    };

    /// <summary>One of an enum's values by its name in JSON; left out, its first.</summary>
    public static Option<T> Named<T>(string name, string description)
        where T : struct, Enum => new(name)
    {
        Description = $"{description}: {Names<T>()}. Default: {NameConverterFactory.NameOf(default(T))}",
        HelpName = name.TrimStart('-'),
        CustomParser = result =>
        {
            var named = Named<T>(result.Tokens[0].Value);
            if (named is null)
            {
                result.AddError($"'{result.Tokens[0].Value}' is not one of: {Names<T>()}");
            }

            return named ?? default;
        },
    };

    public static Option<InputSpec?> Input(string description) => new("--input")
    {
        Description = description,
        HelpName = "256x128",
        CustomParser = result =>
        {
            if (result.Tokens[0].Value.Split('x') is [var height, var width]
                && int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out var rows)
                && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var columns))
            {
                return new InputSpec(rows, columns);
            }

            if (result.Tokens[0].Value.StartsWith('{'))
            {
                try
                {
                    return ReidJson.Read<InputSpec>(Encoding.UTF8.GetBytes(result.Tokens[0].Value));
                }
                catch (SpecException refused)
                {
                    result.AddError(refused.Message);
                    return null;
                }
            }

            result.AddError($"'{result.Tokens[0].Value}' is neither a height and a width such as 256x128 nor an input as requests have it, in JSON");
            return null;
        },
    };

    public static Option<BackboneName?> Backbone(string description) => new("--backbone")
    {
        Description = $"{description}. One of: {Names<BackboneName>()}",
        HelpName = "name",
        CustomParser = result =>
        {
            var named = Named<BackboneName>(result.Tokens[0].Value);
            if (named is null)
            {
                result.AddError($"'{result.Tokens[0].Value}' is not one of: {Names<BackboneName>()}");
            }

            return named;
        },
    };

    public static Option<string> Device()
    {
        var option = new Option<string>("--device") { Description = "Where tensors are computed: auto, cpu, cuda or cuda:1", HelpName = "device", DefaultValueFactory = _ => "auto" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !DeviceName().IsMatch(text))
            {
                result.AddError($"'{text}' is none of auto, cpu, cuda, cuda:1");
            }
        });
        return option;
    }

    [GeneratedRegex(@"\A(auto|cpu|cuda(:[0-9]{1,3})?)\z")]
    private static partial Regex DeviceName();

    /// <summary>The value that JSON calls so, or null.</summary>
    public static T? Named<T>(string name)
        where T : struct, Enum => Enum.GetValues<T>().Where(value => NameConverterFactory.NameOf(value) == name).Select(value => (T?)value).FirstOrDefault();

    public static string Names<T>()
        where T : struct, Enum => string.Join(", ", NameConverterFactory.NamesOf(typeof(T)));

    public static Option<int> FunctionsPort() => new("--port")
    {
        Description = "Port of the HTTP API",
        DefaultValueFactory = _ => new Local.LocalPorts().Functions,
    };

    public static Option<int> StoragePort() => new("--storage-port")
    {
        Description = "First of Azurite's three ports (blobs, queues, tables)",
        DefaultValueFactory = _ => new Local.LocalPorts().Storage,
    };

    public static Option<bool> Keep() => new("--keep")
    {
        Description = "Leave the system running; `./reid down` stops it",
    };
}
