using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Golden;

/// <summary>MVD's learning rates of both implementations, as warm-ups and milestones; the backbones' at MindSpore are those of a group.</summary>
internal static class MvdScheduleOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> LearningRate(GoldenCase given) => given.Text("variant") switch
    {
        "pytorch" => Pytorch(given),
        "mindspore" => MindSpore(given),
        var other => throw new NotSupportedException($"no variant '{other}' is known"),
    };

    private static Dictionary<string, GoldenTensor> Pytorch(GoldenCase given)
    {
        // There the schedule is stepped before each epoch: milestones come one epoch earlier.
        int[] milestones = [.. given.Params.GetProperty("milestones").EnumerateArray().Select(milestone => milestone.GetInt32() - 1)];
        var rates = Rates(given, new MultiStepSpec(milestones, given.Number("gamma")) { Warmup = new WarmupSpec(given.Int("warmup_iters"), given.Number("warmup_factor")) });
        return new Dictionary<string, GoldenTensor> { ["lr"] = GoldenTensor.Of(rates, rates.Length) };
    }

    private static Dictionary<string, GoldenTensor> MindSpore(GoldenCase given)
    {
        var (first, last) = (given.Int("start_decay") - 1, given.Int("end_decay") - 1);
        var rates = Rates(given, new MultiStepSpec([.. Enumerable.Range(first, last - first + 1)]) { Warmup = new WarmupSpec(given.Int("warmup_steps"), StartFactor: 0) });
        double[] steps = [.. rates.SelectMany(rate => Enumerable.Repeat(rate, given.Int("steps_per_epoch")))];
        return new Dictionary<string, GoldenTensor>
        {
            ["lr"] = GoldenTensor.Of(steps, steps.Length),
            ["backbone_lr"] = GoldenTensor.Of(Array.ConvertAll(steps, rate => rate * 0.1), steps.Length),
        };
    }

    private static double[] Rates(GoldenCase given, ScheduleSpec schedule)
    {
        var spec = new TrainSpec("golden", new ModelSpec(BackboneName.ResNet50), new SupervisedSpec())
        {
            Epochs = given.Int("epochs"),
            Optimizer = new AdamSpec(given.Number("base_lr")),
            Schedule = schedule,
        };
        return [.. Enumerable.Range(0, spec.Epochs).Select(epoch => Schedule.LearningRate(spec, epoch))];
    }
}
