using ReidCloud.GpuRunner;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

public sealed class MutualLearningTests : TorchTests
{
    private static readonly TrainSpec Spec = new("test", new ModelSpec(BackboneName.MobileNet), new MutualLearningSpec(3)
    {
        Losses = [new TripletSpec { Margin = 0.3 }, new MutualProbabilitySpec { Weight = 0.5 }],
    });

    [Fact]
    public void Peers_begin_with_the_same_initial_weights_and_differ_in_what_is_drawn()
    {
        using var method = MethodRegistry.Create(Spec with { InitialWeights = CheckpointRef.Pushed("initial") }, 3, (_, _) => new TrainedModel(Drawn(7), null));
        var (first, second) = (Entries(method, 0), Entries(method, 1));

        Assert.Equal(["peer-1", "peer-2", "peer-3"], method.Learners.Select(learner => learner.Role));
        Assert.Same(method.Learners[0].Model, method.Result);
        Assert.All(first.Keys.Where(name => name.StartsWith("backbone.", StringComparison.Ordinal)), name => Assert.Equal(first[name], second[name]));
        Assert.NotEqual(first[SingleViewModel.ClassifierEntry], second[SingleViewModel.ClassifierEntry]);
    }

    [Fact]
    public void Without_initial_weights_they_differ_in_all_that_is_drawn()
    {
        using var method = TrainingCases.Method(Spec);

        var drawn = method.Result.State().Where(entry => entry.Value.dim() > 1).Select(entry => entry.Name).ToList();
        var (first, last) = (Entries(method, 0), Entries(method, 2));
        Assert.Contains("backbone.features_layers.0.0.weight", drawn);
        Assert.All(drawn, name => Assert.NotEqual(first[name], last[name]));
    }

    /// <summary>One peer after the other, each against what the others said before anyone's step.</summary>
    [Fact]
    public void Each_peer_gets_the_gradients_of_its_own_losses_against_constants()
    {
        using var scope = NewDisposeScope();
        using var method = TrainingCases.Method(Spec);
        using var batches = new NoiseBatches(1, 1);
        using var batch = batches.Load(0, 0);
        method.BeginTraining();

        var losses = method.Losses(batch, 0, 0);
        losses.Objective.backward();
        var gradients = method.Learners.Select(TakeGradients).ToList();

        ModelOutput[] said = [.. method.Learners.Select(learner => learner.Model.call(batch.Images_BVCHW))];
        var totals = new List<float>();
        foreach (var (place, learner) in method.Learners.Index())
        {
            var own = learner.Losses.Of(new LossInputs(said[place].Embedding_BD, said[place].Logits_BK, batch.Labels_B)
            {
                Peers = [.. said.Where((_, other) => other != place).Select(other => new PeerOutput(other.Embedding_BD.detach(), other.Logits_BK.detach(), null))],
            });
            own.Total.backward();
            Assert.Equal(gradients[place], TakeGradients(learner));
            Assert.Equal(own.Terms.Append(("total", own.Total)).Select(term => term.Item2.item<float>()), Of(losses, $"{learner.Role}/"));
            totals.Add(own.Total.item<float>());
        }

        Assert.Equal(totals.Average(), losses.Total.item<float>(), 1e-6);
        Assert.Equal(totals.Sum(), losses.Objective.item<float>(), 1e-5);
        Assert.Equal(
            ["triplet", "mutual-probability", .. ((string[])["peer-1", "peer-2", "peer-3"]).SelectMany(peer => (string[])[$"{peer}/triplet", $"{peer}/mutual-probability", $"{peer}/total"])],
            losses.Terms.Select(term => term.Name));
        Assert.Equal(Of(losses, "peer-").Where((_, i) => i % 3 == 0).Average(), losses.Terms[0].Value.item<float>(), 1e-6);
    }

    [Fact]
    public void Peers_are_spread_over_the_devices_in_turn_and_all_else_is_on_the_first()
    {
        Device[] devices = [new("cuda:1"), new("cpu"), new("cuda:0")];
        var placement = new Placement(devices);

        Assert.Equal("cuda:1", placement.Main.ToString());
        Assert.Equal(["cuda:1", "cpu", "cuda:0", "cuda:1", "cpu"], Enumerable.Range(0, 5).Select(place => placement.OfPeer(place).ToString()));
        Assert.Equal("cuda:1,cpu,cuda:0", placement.ToString());
    }

    /// <summary>As far as one device can show it: several of them are the same as one.</summary>
    [Fact]
    public void Several_devices_give_the_bytes_of_one()
    {
        Assert.Equal(Trained(CPU), Trained(new Placement([CPU, new Device("cpu"), CPU])));

        static byte[] Trained(Placement placement)
        {
            using var context = new MemoryContext();
            using var method = TrainingCases.Method(Spec);
            using var batches = new NoiseBatches(1, 1);
            new Trainer(Spec with { Epochs = 1 }, method, batches, TrainingCases.DatasetHash, TrainingCases.Identities, context, TimeProvider.System, placement)
                .Run(null, TrainingCases.NoMetrics);
            Assert.All(method.Learners, learner => Assert.Equal(TorchSharp.DeviceType.CPU, learner.Device.type));
            return context.Checkpoints[^1].Content;
        }
    }

    [Fact]
    public void A_checkpoint_holds_every_peer_and_gives_the_one_that_is_asked_for()
    {
        using var context = new MemoryContext();
        using var method = TrainingCases.Method(Spec);
        using var batches = new NoiseBatches(1, 1);
        TrainingCases.Trainer(Spec with { Epochs = 1 }, method, batches, context).Run(null, TrainingCases.NoMetrics);
        var content = context.Checkpoints[^1].Content;

        for (var peer = 1; peer <= 3; peer++)
        {
            using var loaded = Checkpoint.LoadModel(new MemoryStream(content), peer);
            Assert.Equal(Models.ReidModelTests.Bytes(method.Learners[peer - 1].Model), Models.ReidModelTests.Bytes(loaded.Model));
        }

        using var result = Checkpoint.LoadModel(new MemoryStream(content));
        Assert.Equal(Models.ReidModelTests.Bytes(method.Learners[0].Model), Models.ReidModelTests.Bytes(result.Model));
        Assert.NotEqual(Places(1), Places(2));
        Assert.Equal(Places(null), Places(1));
        Assert.Contains("no peer 4, only peers 1 to 3", Assert.Throws<CheckpointException>(() => Checkpoint.LoadModel(new MemoryStream(content), 4)).Message);
        Assert.Contains("no peer 0", Assert.Throws<CheckpointException>(() => Checkpoint.FindResult(new MemoryStream(content), 0)).Message);

        IEnumerable<long> Places(int? peer) => Checkpoint.FindResult(new MemoryStream(content), peer).Select(entry => entry.Source.Offset);
    }

    private static IEnumerable<float> Of(StepLosses losses, string prefix) =>
        losses.Terms.Where(term => term.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(term => term.Value.item<float>());

    private static Dictionary<string, byte[]> TakeGradients(Learner learner)
    {
        var gradients = new Dictionary<string, byte[]>();
        foreach (var (name, value) in learner.Model.State())
        {
            if (value is Parameter { grad: { } gradient } parameter)
            {
                gradients.Add(name, gradient.contiguous().bytes.ToArray());
                parameter.grad = null;
            }
        }

        Assert.NotEmpty(gradients);
        return gradients;
    }

    private static Dictionary<string, byte[]> Entries(TrainingMethod method, int place) =>
        method.Learners[place].Model.State().ToDictionary(entry => entry.Name, entry => entry.Value.bytes.ToArray());

    private static ReidModel Drawn(int identities)
    {
        var model = ReidModel.Of(Spec.Model, identities);
        WeightInit.Draw(model, 99, "initial");
        return model;
    }
}
