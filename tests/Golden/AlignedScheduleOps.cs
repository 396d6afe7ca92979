using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Golden;

/// <summary>AlignedReID's learning rates: its staircase is a multi-step schedule whose milestones are less by 1.</summary>
internal static class AlignedScheduleOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> LearningRate(GoldenCase given)
    {
        var spec = new TrainSpec("golden", new ModelSpec(BackboneName.ResNet50), new SupervisedSpec())
        {
            Epochs = given.Int("total_epochs"),
            Optimizer = new AdamSpec(given.Number("base_lr")),
            Schedule = given.Text("type") switch
            {
                "exp" => new ExponentialSpec(given.Int("start_decay_at")),
                "staircase" => new MultiStepSpec([.. given.Params.GetProperty("decay_at").EnumerateArray().Select(epoch => epoch.GetInt32() - 1)], given.Number("factor")),
                var other => throw new NotSupportedException($"no schedule '{other}' is known"),
            },
        };
        return new Dictionary<string, GoldenTensor>
        {
            ["lr"] = GoldenTensor.Of([.. Enumerable.Range(0, spec.Epochs).Select(epoch => Schedule.LearningRate(spec, epoch))], spec.Epochs),
        };
    }
}
