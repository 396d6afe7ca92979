using ReidCloud.Cli.Api;
using ReidCloud.Cli.Display;
using ReidCloud.Cli.Progress;
using ReidCloud.Cli.Synth;
using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Cli;

/// <summary>What a demonstration has shown.</summary>
internal sealed record DemoResult(string Dataset, MetricReport Teacher, MetricReport Student, double Seconds);

/// <summary>What is shown: the data sets' names before the seed, the presets, and what is drawn.</summary>
internal sealed record DemoPlan(string Name, Func<long, SynthSpec> Data)
{
    /// <summary>Two minutes on two cores; the student learns more than its teacher.</summary>
    public static DemoPlan Full { get; } = new("demo", SynthFile.Demo);

    /// <summary>Seconds; all parts work, and nothing is learned.</summary>
    public static DemoPlan Brief { get; } = new("debug", SynthFile.Debug);

    public string Teacher => $"{Name}-teacher";

    public string Student => $"{Name}-student";
}

/// <summary>
/// The main job from end to end through the HTTP API, as anybody would do it: make a data set, push it, ask for a teacher and for the student
/// that waits for it, follow both, read both reports.
/// </summary>
internal sealed class Demo(ReidClient client, Workplace place, Terminal terminal, DemoPlan plan)
{
    public async Task<DemoResult> RunAsync(long seed, CancellationToken cancellationToken)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var dataset = $"{plan.Name}-{seed}";
        await EnsureDatasetAsync(dataset, seed, cancellationToken);
        var teacher = await SubmitTeacherAsync(dataset, seed, cancellationToken);
        var student = await client.SubmitAsync(Student(dataset, seed, teacher.Id), null, cancellationToken);
        terminal.Say($"Asked for teacher {teacher.Id} and student {student.Id}, which waits for it.");
        await FollowAsync(teacher.Id, student.Id, cancellationToken);
        return new DemoResult(
            dataset,
            await client.ReportAsync(teacher.Id, cancellationToken),
            await client.ReportAsync(student.Id, cancellationToken),
            clock.Elapsed.TotalSeconds);
    }

    /// <summary>The same seed is the same data set, so an earlier demonstration's serves again.</summary>
    private async Task EnsureDatasetAsync(string name, long seed, CancellationToken cancellationToken)
    {
        if (await client.TryDatasetAsync(name, cancellationToken) is { State: DatasetState.Ready })
        {
            terminal.Say($"Data set {name} is there already.");
            return;
        }

        var file = Path.Combine(place.State, $"{name}.zip");
        try
        {
            await SynthFile.WriteAsync(file, plan.Data(seed), terminal, cancellationToken);
            DatasetText.Write(terminal.Err, await new DatasetPush(client, terminal).PushAsync(file, name, layout: null, variant: null, cancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A teacher that nobody has finished yet: another demonstration trains anew, an interrupted one goes on.</summary>
    private async Task<RunView> SubmitTeacherAsync(string dataset, long seed, CancellationToken cancellationToken)
    {
        for (var repeat = 0; ; repeat++)
        {
            var spec = Presets.Named(plan.Teacher).For(dataset) with { Seed = seed, Repeat = repeat };
            if (await client.TryRunAsync(RunId.Of(spec), cancellationToken) is not { Status.IsFinal: true })
            {
                return await client.SubmitAsync(spec, null, cancellationToken);
            }
        }
    }

    private RunSpec Student(string dataset, long seed, RunId teacher) =>
        Presets.Named(plan.Student).For(dataset, new CheckpointRef(teacher.ToString())) with { Seed = seed };

    private async Task FollowAsync(RunId teacher, RunId student, CancellationToken cancellationToken)
    {
        var views = await new RunWatch(client, terminal).UntilFinalAsync([("Teacher", teacher), ("Student", student)], losses: false, cancellationToken);
        if (views.FirstOrDefault(view => view.Status.State != RunState.Succeeded) is { } lost)
        {
            throw CommandException.Fault(
                $"run {lost.Id} {RunText.State(lost)}: {lost.Status.Failure?.Message}{Environment.NewLine}{lost.Status.Failure?.Detail}",
                $"the runner's log is {Path.Combine(place.Logs, "runner.log")}");
        }
    }
}
