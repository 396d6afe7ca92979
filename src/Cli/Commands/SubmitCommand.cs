using System.CommandLine;
using System.Text;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid submit`: asks for a run, by a JSON file, by JSON on standard input, or by a preset with changes; or for one of each of several seeds.</summary>
internal static class SubmitCommand
{
    private const string StandardInput = "-";

    public static Command Create(Shell shell)
    {
        var file = new Argument<string?>("file")
        {
            Description = $"A request as JSON; {StandardInput} reads standard input",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var preset = new Option<string?>("--preset") { Description = "A named complete request instead of a file; `reid presets` lists them", HelpName = "name" };
        preset.CompletionSources.Add([.. Presets.All.Select(named => named.Name)]);
        var dataset = new Option<string?>("--dataset") { Description = "The data set, instead of the request's own" };
        var teacher = Arguments.Checkpoint("--teacher", "Whose model teaches, for a method that distils");
        var student = Arguments.Checkpoint("--student", "What a student starts from whose teacher has another backbone; otherwise it starts as its teacher");
        var alone = Arguments.Checkpoint("--alone", "A network that was trained alone, which the report of mutual learning measures beside the peers");
        var fromScratch = new Option<bool>("--from-scratch") { Description = "Start from random weights instead of the request's initial ones" };
        var seed = new Option<long?>("--seed") { Description = "Where the run's random numbers come from, instead of the request's own" };
        var seeds = Seeds.Option();
        var set = Arguments.Set("--set epochs=3 --set method.studentViews=1");
        var priority = Arguments.Priority();
        var watch = Arguments.Watch();
        var command = new Command("submit", "Ask for a run") { file, preset, dataset, teacher, student, alone, fromScratch, seed, seeds, set, priority, watch, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var request = (parse.GetValue(file), parse.GetValue(preset)) switch
            {
                (null, null) => throw CommandException.Mistake(
                    "what is to be run? Name a JSON file, or - for standard input, or --preset NAME", "`./reid presets` lists presets"),
                ({ }, { }) => throw CommandException.Mistake(
                    "a file and a preset were both named; one of them is the request", "drop one; --set changes single places of a preset"),
                (null, { } name) => Arguments.Preset(name).For(parse.GetValue(dataset), parse.GetValue(teacher), parse.GetValue(student), parse.GetValue(alone)),
                ({ } path, null) => Fill(await ReadAsync(path, cancellationToken), parse.GetValue(dataset), parse.GetValue(teacher), parse.GetValue(student), parse.GetValue(alone)),
            };
            request = parse.GetValue(fromScratch) ? FromScratch(request) : request;
            request = parse.GetValue(seed) is { } number ? request with { Seed = number } : request;
            request = SpecEdits.Apply(request, parse.GetValue(set) ?? []);
            using var client = shell.Client(parse);
            if (parse.GetValue(seed) is not null && parse.GetValue(seeds) is { Length: > 0 })
            {
                throw CommandException.Mistake("--seed and --seeds were both named", "drop one: --seed asks for one run, --seeds for one of each");
            }

            request = parse.GetValue(preset) is not null && !ChosenProtocol.IsNamed(parse.GetValue(set)) ? await ChosenProtocol.ForAsync(shell, client, request, cancellationToken) : request;
            if (parse.GetValue(seeds) is not { Length: > 0 } several)
            {
                return await Submission.SendAsync(shell, client, request, parse.GetValue(priority), parse.GetValue(watch), parse.GetValue(shell.Json), cancellationToken);
            }

            return await Submission.SendAllAsync(
                shell, client, [.. several.Select(one => request with { Seed = one })], parse.GetValue(priority), parse.GetValue(watch), parse.GetValue(shell.Json), cancellationToken);
        });
        return command;
    }

    private static async Task<RunSpec> ReadAsync(string file, CancellationToken cancellationToken) =>
        file == StandardInput ? ReidJson.Read<RunSpec>(Encoding.UTF8.GetBytes(await Console.In.ReadToEndAsync(cancellationToken)))
        : File.Exists(file) ? ReidJson.Read<RunSpec>(await File.ReadAllBytesAsync(file, cancellationToken))
        : throw CommandException.Mistake($"there is no file '{file}'", "- reads the request from standard input; --preset NAME takes a named one");

    private static RunSpec Fill(RunSpec request, string? dataset, CheckpointRef? teacher, CheckpointRef? student, CheckpointRef? alone)
    {
        request = dataset is null ? request : request with { Dataset = dataset };
        request = alone is null ? request
            : request is TrainSpec { Method: MutualLearningSpec peers } mutual ? mutual with { Method = peers with { Alone = alone } }
            : throw CommandException.Mistake("--alone was named, but this request has no peers to compare with it", "only the method mutual-learning has them");
        return teacher is null && student is null
            ? request
            : request is TrainSpec { Method: ViewDistillationSpec method } train
                ? train with { Method = method with { Teacher = teacher ?? method.Teacher, Student = student ?? method.Student } }
                : throw CommandException.Mistake(
                    $"{(teacher is null ? "--student" : "--teacher")} was named, but this request has no teacher", "only the method view-distillation has one");
    }

    private static TrainSpec FromScratch(RunSpec request) => request is TrainSpec { InitialWeights: not null } train
        ? train with { InitialWeights = null }
        : throw CommandException.Mistake("--from-scratch has no effect: this request names no initial weights", "leave it out");
}
