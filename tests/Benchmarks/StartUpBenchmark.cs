using System.Diagnostics;
using ReidCloud.Datasets;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.Benchmarks;

/// <summary>
/// From a nudge to the end of the first training step of a runner that waits for runs and has had none, with the data set in its cache: as many frames as Market-1501, a
/// ResNet-50 that starts afresh. An epoch of that run is one step, whose end the runner tells.
/// </summary>
internal static class StartUpBenchmark
{
    private const int Frames = 32_668;
    private const int Trained = 2;
    private const double LimitSeconds = 3;

    private static readonly TrainSpec Spec = new("tiny", new ModelSpec(BackboneName.ResNet50), new SupervisedSpec(Views: 1))
    {
        Input = new InputSpec(128, 64),
        Sampling = new SamplingSpec(Identities: Trained, Tracklets: 2),
        Schedule = new ConstantSpec(),
        Epochs = 1000,
        Evaluation = new EvaluationSpec { EveryEpochs = 0 },
        Checkpoints = new CheckpointSpec(EveryEpochs: 1000),
    };

    public static IEnumerable<Figure> Take(Extent extent) => TakeAsync(extent == Extent.Whole ? 5 : 1).GetAwaiter().GetResult();

    private static async Task<IReadOnlyList<Figure>> TakeAsync(int turns)
    {
        await using var azurite = new AzuriteFixture();
        var system = await RunnerSystem.CreateAsync(azurite);
        await CommitAsync(system.Storage);
        await TakeAsync(system, Spec);
        var times = new List<Times>();
        for (var turn = 1; turn <= turns; turn++)
        {
            times.Add(await TakeAsync(system, Spec with { Repeat = turn }));
        }

        var middle = times.OrderBy(time => time.Stepped).ElementAt(turns / 2);
        return
        [
            new Figure($"nudge to the end of the first step, {Frames:N0} frames, ResNet-50", middle.Stepped, "the limit", LimitSeconds, "s") { AtMost = 1, BoundBy = "the step itself, the drawing of 25 million weights, a queue that is asked four times a second" },
            new Figure("of it, nudge to claim", middle.Claimed, "the whole", middle.Stepped, "s"),
            new Figure("of it, what each step takes", middle.Next, "the whole", middle.Stepped, "s"),
        ];
    }

    /// <summary>A runner of its own, a run, how long the ways took; then the run is cancelled.</summary>
    private static async Task<Times> TakeAsync(RunnerSystem system, TrainSpec spec)
    {
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<long>[] signs = [new(), new(), new()];
        string[] words = ["  attempt 1 on", "  epoch 1/", "  epoch 2/"];
        using var runner = RunnerProcess.Start(system.Options, "serve");
        runner.Said += line =>
        {
            Console.Error.WriteLine(line);
            if (line.Contains("rehearsed", StringComparison.Ordinal))
            {
                waits.TrySetResult();
            }

            foreach (var (word, sign) in words.Zip(signs))
            {
                _ = line.Contains(" failed  ", StringComparison.Ordinal) ? sign.TrySetException(new InvalidOperationException(line))
                    : line.Contains(word, StringComparison.Ordinal) && sign.TrySetResult(Stopwatch.GetTimestamp());
            }
        };
        await waits.Task;

        // It asks the queue ever less often; a run comes when it comes.
        await Task.Delay(TimeSpan.FromSeconds(1.3));
        var nudged = Stopwatch.GetTimestamp();
        var run = await system.SubmitAsync(spec);
        var seconds = (await Task.WhenAll(signs.Select(sign => sign.Task))).Select(at => Stopwatch.GetElapsedTime(nudged, at).TotalSeconds).ToArray();
        await system.Store.RequestCancelAsync(run, CancellationToken.None);
        await system.UntilAsync(run, runner, status => status.IsFinal);
        return new Times(seconds[0], seconds[1], seconds[2] - seconds[1]);
    }

    private static async Task CommitAsync(StorageAccess storage)
    {
        using var zip = new MemoryStream();
        using var picture = new MemoryStream();
        using (var image = new Image<Rgb24>(64, 128))
        {
            image.SaveAsJpeg(picture);
        }

        LargeArchive.WriteMarket(zip, Frames, picture.ToArray(), Trained);
        zip.Position = 0;
        await storage.Datasets.GetBlobClient(RunPaths.Upload("tiny", "set.zip")).UploadAsync(zip);
        var datasets = new DatasetStore(storage, TimeProvider.System);
        await using var work = (await datasets.BeginCommitAsync("tiny", new CommitRequest(), CancellationToken.None)).Work!;
        var manifest = DatasetIngest.Run("tiny", await datasets.ListUploadsAsync(work, CancellationToken.None), blob => datasets.OpenUpload("tiny", blob), null, null, CancellationToken.None);
        await work.CompleteAsync(manifest, CancellationToken.None);
    }

    /// <param name="Next">The second step.</param>
    private readonly record struct Times(double Claimed, double Stepped, double Next);
}
