using ReidCloud.Benchmarks;

// Arguments: [python] [rounds] [threads]
TrainingStep.Run(
    args.Length > 0 ? args[0] : "/usr/bin/python3",
    args.Length > 1 ? int.Parse(args[1]) : 3,
    args.Length > 2 ? int.Parse(args[2]) : Environment.ProcessorCount);
