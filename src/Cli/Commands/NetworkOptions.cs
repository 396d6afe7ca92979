using System.CommandLine;
using ReidCloud.Cli.Api;
using ReidCloud.Cli.Display;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>What `evaluate`, `explain` and `export` have in common: a trained network, perhaps one beside it, and a data set to look at it on.</summary>
internal sealed class NetworkOptions
{
    private readonly Argument<CheckpointRef> _network = new("network")
    {
        Description = "A run's id, RUN:2 for the second peer of mutual learning, or weights:NAME of weights that were pushed",
        CustomParser = Arguments.ParseCheckpoint,
    };

    private readonly Option<CheckpointRef?> _against = new("--against")
    {
        Description = "A second network in the same way beside it, for example the teacher of a student",
        HelpName = "network",
        CustomParser = Arguments.ParseCheckpoint,
    };

    private readonly Option<string?> _dataset = new("--dataset")
    {
        Description = "The data set. Default: the one that the run was trained on; pushed weights have none",
        HelpName = "name",
    };

    private readonly Option<InputSpec?> _input = Arguments.Input("Height and width of what the networks see. Default: as in their training, which pushed weights do not tell");

    private readonly Option<long?> _seed = new("--seed") { Description = "Where the run's random numbers come from" };
    private readonly Option<string[]> _set;

    /// <param name="example">Of a change to the request.</param>
    public NetworkOptions(string example) => _set = Arguments.Set(example);

    public Option<bool> Watch { get; } = Arguments.Watch();

    public Option<RunPriority?> Priority { get; } = Arguments.Priority();

    /// <param name="alone">The command takes no second network, and draws nothing by chance.</param>
    public void AddTo(Command command, bool alone = false)
    {
        command.Add(_network);
        command.Add(_dataset);
        command.Add(_input);
        if (!alone)
        {
            command.Add(_against);
            command.Add(_seed);
        }

        command.Add(_set);
        command.Add(Priority);
        command.Add(Watch);
    }

    public CheckpointRef Network(ParseResult parse) => parse.GetRequiredValue(_network);

    public CheckpointRef? Against(ParseResult parse) => parse.GetValue(_against);

    public InputSpec? Input(ParseResult parse) => parse.GetValue(_input);

    /// <summary>The data set, and what the network's run asked for where that was its training.</summary>
    public async Task<(string Dataset, TrainSpec? Training)> FindAsync(ParseResult parse, ReidClient client, CancellationToken cancellationToken)
    {
        var training = Network(parse).Run is { } run ? await TrainingAsync(RunId.Parse(run), client, cancellationToken) : null;
        return (parse.GetValue(_dataset) ?? training?.Dataset) is { } dataset
            ? (dataset, training)
            : throw CommandException.Mistake("on which data set? --dataset NAME says so", "`./reid dataset list` shows those there are");
    }

    private static async Task<TrainSpec> TrainingAsync(RunId run, ReidClient client, CancellationToken cancellationToken)
    {
        var spec = (await client.RunAsync(run, cancellationToken)).Spec;
        return spec as TrainSpec ?? throw CommandException.Mistake(
            $"run {run} ({RunText.Job(spec)}) trained no network", "name the run that trained it; `./reid runs` lists them");
    }

    /// <summary>What was set in single places.</summary>
    public string[] Edits(ParseResult parse) => parse.GetValue(_set) ?? [];

    /// <summary>The request with that.</summary>
    public RunSpec Edited(ParseResult parse, RunSpec request) =>
        SpecEdits.Apply(parse.GetValue(_seed) is { } seed ? request with { Seed = seed } : request, Edits(parse));
}
