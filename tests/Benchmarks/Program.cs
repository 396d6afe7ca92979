using ReidCloud.Benchmarks;

// Arguments: [python] [steps] [threads]
TrainingStep.Run(
    args.Length > 0 ? args[0] : "/usr/bin/python3",
    args.Length > 1 ? int.Parse(args[1]) : 9,
    args.Length > 2 ? int.Parse(args[2]) : Environment.ProcessorCount);
