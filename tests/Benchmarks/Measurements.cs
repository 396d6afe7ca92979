namespace ReidCloud.Benchmarks;

/// <summary>Everything that `./reid bench` measures, in the order of docs/benchmarks.md.</summary>
internal static class Measurements
{
    public static IReadOnlyList<Measurement> All { get; } =
    [
        new("ranking", "Evaluation", RankingBenchmark.Take),
        new("re-ranking", "Re-ranking", ReRankingBenchmark.Take),
        new("training-step", "Training step on the CPU", TrainingStepBenchmark.Take),
        new("ingest", "From a zip to a manifest", IngestBenchmark.Take),
        new("upload", "From a file to a data set", UploadBenchmark.Take),
        new("start-up", "From a nudge to the first step", StartUpBenchmark.Take),
        new("api", "Answers of the API", ApiBenchmark.Take),
        new("decoding", "Decoding frames", DecodingBenchmark.Take),
        new("batches", "Batches from the cache", BatchesBenchmark.Take),
        new("gpu", "Training on a GPU", GpuBenchmark.Take),
        new("replicas", "Data-parallel training", ReplicasBenchmark.Take),
        new("camera-batch-norm", "Training camera by camera", CameraBatchNormBenchmark.Take),
    ];
}
