using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>Camera-based batch normalisation in training, by the product's method and optimizer. The reference has frames in the order of their cameras; here they are in that of the batch.</summary>
internal static class CameraNormTrainingOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> Train(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        using var method = Method(given);
        var learner = Assert.Single(method.Learners);
        var (batch, places) = Remaining(GoldenTensors.Images(given["x"], Dtype(given)), GoldenTensors.Of(given["pid"]), [.. given["cam"].I64]);
        method.BeginTraining();
        var said = learner.Call(batch);
        var loss = learner.Losses.Of(new LossInputs(said.Embedding_BD, said.Logits_BK, batch.Labels_B)).Total;
        loss.backward();

        var order = new CameraParts(batch.Cameras_BV).Order_N;
        var results = new Dictionary<string, GoldenTensor>
        {
            ["kept"] = GoldenTensor.Of(Array.ConvertAll(order, place => (long)places[place])),
            ["logits"] = GoldenTensors.From(said.Logits_BK[tensor(order)]),
            ["loss"] = GoldenTensors.From(loss.view(1)),
        };
        if (given.IsFloat64)
        {
            (double Norm, double Dot)[] gradients =
                [.. learner.Model.State().Where(entry => entry.Value is Parameter).Select(entry => VkdModelOps.Gradient(CameraNormModels.NameOf(entry.Name), entry.Value))];
            results["features"] = GoldenTensors.From(said.Neck_ND[tensor(order)]);
            results["grad_norm"] = GoldenTensor.Of([.. gradients.Select(gradient => gradient.Norm)]);
            results["grad_dot"] = GoldenTensor.Of([.. gradients.Select(gradient => gradient.Dot)]);
        }

        return results;
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Steps(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        using var method = Method(given);
        Assert.Equal("sgd", given.Text("optimizer"));
        var spec = new SgdSpec(given.Number("lr")) { Momentum = given.Number("momentum"), WeightDecay = given.Number("weight_decay"), Nesterov = given.Flag("nesterov") };
        using var optimizer = Optimizer.Create(spec, method.Result);
        var (images, labels, losses) = (GoldenTensors.Images(given["x"], Dtype(given)), GoldenTensors.Of(given["pid"]), new List<double>());
        var cameras = given["cam"].I64.Chunk((int)given["cam"].Shape[1]).ToArray();
        method.BeginTraining();
        for (var step = 0; step < given.Int("steps"); step++)
        {
            var said = method.Losses(Remaining(images[step], labels[step], cameras[step]).Batch, 0, step);
            losses.Add(said.Total.item<double>());
            said.Objective.backward();
            optimizer.Step(spec.LearningRate);
        }

        var probe = method.Result.call(GoldenTensors.Images(given["probe"], Dtype(given)));
        return new Dictionary<string, GoldenTensor>
        {
            ["losses"] = GoldenTensor.Of([.. losses]),
            ["probe_features"] = GoldenTensors.From(probe.Neck_ND),
            ["probe_logits"] = GoldenTensors.From(probe.Logits_BK),
        };
    }

    private static Supervised Method(GoldenCase given) => new(
        new SupervisedSpec(Views: 1) { Losses = [new CrossEntropySpec()] }, CameraNormModels.Filled(given.Int("num_pids"), Dtype(given)), new BatchDivision { ByCamera = true });

    /// <summary>What stays of a batch, each frame a set, and its places there.</summary>
    private static (Batch Batch, int[] Places) Remaining(Tensor images_NCHW, Tensor labels_N, long[] cameras_N)
    {
        var cameras = Array.ConvertAll(cameras_N, camera => (int)camera);
        var kept = CameraGroups.Kept(cameras.Length, CameraBatchNormSpec.Fewest, cameras);
        var rows = tensor(Array.ConvertAll(kept, place => (long)place));
        return (new Batch(images_NCHW[rows].unsqueeze(1), labels_N[rows]) { Cameras_BV = Array.ConvertAll(kept, place => cameras[place]) }, kept);
    }

    private static ScalarType Dtype(GoldenCase given) => given.IsFloat64 ? ScalarType.Float64 : ScalarType.Float32;
}
