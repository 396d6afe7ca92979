using ReidCloud.Benchmarks;
using ReidCloud.Benchmarks.Load;

// Arguments: load [submissions a second] [seconds] [runners]
if (args is ["load", ..])
{
    return await LoadTest.RunAsync(
        args.Length > 1 ? int.Parse(args[1]) : 200,
        args.Length > 2 ? int.Parse(args[2]) : 60,
        args.Length > 3 ? int.Parse(args[3]) : 3);
}

// Arguments: [python] [steps] [threads]
TrainingStep.Run(
    args.Length > 0 ? args[0] : "/usr/bin/python3",
    args.Length > 1 ? int.Parse(args[1]) : 9,
    args.Length > 2 ? int.Parse(args[2]) : Environment.ProcessorCount);
return 0;
