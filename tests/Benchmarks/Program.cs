using ReidCloud.Benchmarks;
using ReidCloud.Benchmarks.Load;

switch (args)
{
    // Arguments: load [submissions a second] [seconds] [runners]
    case ["load", ..]:
        return await LoadTest.RunAsync(
            args.Length > 1 ? int.Parse(args[1]) : 200,
            args.Length > 2 ? int.Parse(args[2]) : 60,
            args.Length > 3 ? int.Parse(args[3]) : 3);

    // Arguments: kills [of each kind of run] [seed]
    case ["kills", ..]:
        return await Kills.RunAsync(args.Length > 1 ? int.Parse(args[1]) : 40, args.Length > 2 ? long.Parse(args[2]) : 1);

    // Arguments: preemption [signals]
    case ["preemption", ..]:
        return await Preemption.RunAsync(args.Length > 1 ? int.Parse(args[1]) : 4);

    // Arguments: soak [steps of each role]
    case ["soak", ..]:
        SoakTest.Run(args.Length > 1 ? int.Parse(args[1]) : 10_000);
        return 0;

    // Arguments: re-ranking [queries] [gallery] [dimensions]
    case ["re-ranking", ..]:
        ReRankingTime.Run(
            args.Length > 1 ? int.Parse(args[1]) : 3_368,
            args.Length > 2 ? int.Parse(args[2]) : 15_913,
            args.Length > 3 ? int.Parse(args[3]) : 2_048);
        return 0;

    // Arguments: [python] [steps] [threads]
    default:
        TrainingStep.Run(
            args.Length > 0 ? args[0] : "/usr/bin/python3",
            args.Length > 1 ? int.Parse(args[1]) : 9,
            args.Length > 2 ? int.Parse(args[2]) : Environment.ProcessorCount);
        return 0;
}
