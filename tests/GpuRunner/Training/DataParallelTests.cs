using ReidCloud.GpuRunner;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Models;
using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace ReidCloud.Tests.GpuRunner.Training;

/// <summary>As far as a machine without GPUs can show it, with several replicas on its CPU, each with a thread of its own.</summary>
[Collection(AloneCollection.Name)]
public sealed class DataParallelTests : TorchTests
{
    private const int Identities = 3;

    /// <summary>Sums of gradients in another order.</summary>
    private const double Rounding = 1e-5;

    private static readonly ModelSpec Small = new(BackboneName.MobileNet);

    private static readonly Placement[] Placements = [CPU, new([CPU, CPU])];

    /// <summary>Every kind of batch norm: of images and of vectors, beside instance norm, in branches, in the neck and behind stripes; and parts that are not equal, and more than devices.</summary>
    public static TheoryData<BackboneName, int, int> Cases => new()
    {
        { BackboneName.MobileNet, 2, 1 },
        { BackboneName.MobileNet, 2, 2 },
        { BackboneName.MobileNet, 3, 2 },
        { BackboneName.MobileNet, 2, 3 },
        { BackboneName.OsNetX025, 2, 1 },
        { BackboneName.OsNetX025, 2, 2 },
        { BackboneName.ResNet50IbnA, 2, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_part_goes_through_a_network_of_its_own_and_the_first_alone_leaves_running_statistics(BackboneName backbone, int parts, int devices)
    {
        using var scope = NewDisposeScope();
        using var images = Images(6);
        var spec = new ModelSpec(backbone);
        if (backbone == BackboneName.OsNetX025)
        {
            spec = spec with { Pooling = PoolingName.GeneralizedMean, Local = new(8) };
        }

        var model = Drawn(spec);
        using var parallel = new DataParallel(model, parts);
        parallel.MoveTo(new Placement([.. Enumerable.Repeat(CPU, devices)]));
        model.train();
        ReidModel[] alone = [.. Enumerable.Range(0, parts).Select(_ => Drawn(spec))];

        var output = parallel.Call(images);
        Objective(output).backward();
        parallel.Backward();
        var expected = alone.Zip(images.chunk(parts), (network, part) => network.call(part).Tensors).ToList();
        var whole = ModelOutput.Of([.. Enumerable.Range(0, ModelOutput.Count).Select(kind => expected[0][kind] is null ? null : cat([.. expected.Select(tensors => tensors[kind]!)]))]);
        Objective(whole).backward();

        foreach (var (wanted, said) in whole.Tensors.Zip(output.Tensors))
        {
            Assert.Equal(wanted is null, said is null);
            AssertClose(wanted, said, "what is said");
        }

        var gradients = alone.Select(network => network.State().Where(entry => entry.Value is Parameter { requires_grad: true }).ToDictionary(entry => entry.Name, entry => entry.Value.grad)).ToList();
        foreach (var (name, value) in model.State().Where(entry => entry.Value is Parameter { requires_grad: true }))
        {
            AssertClose(gradients.Select(of => of[name]).Aggregate((sum, next) => sum! + next!), value.grad, name);
        }

        foreach (var (buffer, first) in model.buffers().Zip(alone[0].buffers()))
        {
            AssertClose(first, buffer, "running statistics");
        }

        Array.ForEach(alone, network => network.Dispose());
    }

    /// <summary>A set may hold frames of several cameras, and what is said of it is the mean over its views.</summary>
    [Theory]
    [InlineData(BackboneName.MobileNet, 1)]
    [InlineData(BackboneName.MobileNet, 2)]
    [InlineData(BackboneName.MobileNet, 5)]
    [InlineData(BackboneName.OsNetX025, 1)]
    [InlineData(BackboneName.OsNetX025, 2)]
    public void Each_cameras_frames_go_through_a_network_of_their_own_whatever_sets_they_are_of(BackboneName backbone, int devices)
    {
        using var scope = NewDisposeScope();
        using var images = Images(6);
        int[] cameras = [7, 3, 3, 3, 7, 0, 0, 7, 0, 0, 3, 7];
        var spec = backbone == BackboneName.MobileNet ? Small : new ModelSpec(backbone) { Pooling = PoolingName.GeneralizedMean, Local = new(8) };
        var model = Drawn(spec);
        using var parallel = new DataParallel(model, new BatchDivision { ByCamera = true });
        parallel.MoveTo(new Placement([.. Enumerable.Repeat(CPU, devices)]));
        model.train();
        (int Camera, ReidModel Network)[] alone = [.. new[] { 0, 3, 7 }.Select(camera => (camera, Drawn(spec)))];

        var output = parallel.Call(images, cameras);
        Objective(output).backward();
        parallel.Backward();
        var frames = new ModelOutput[cameras.Length];
        foreach (var (camera, network) in alone)
        {
            long[] own = [.. cameras.Index().Where(frame => frame.Item == camera).Select(frame => (long)frame.Index)];
            var said = network.call(images.flatten(0, 1)[tensor(own)].unsqueeze(1));
            foreach (var (place, frame) in own.Index())
            {
                frames[frame] = ModelOutput.Of([.. said.Tensors.Select(of => of?[place])]);
            }
        }

        var sets = frames.Chunk(2).ToList();
        var whole = new ModelOutput(
            stack([.. sets.Select(pair => (pair[0].Embedding_BD + pair[1].Embedding_BD) / 2)]),
            stack([.. sets.Select(pair => (pair[0].Logits_BK + pair[1].Logits_BK) / 2)]),
            stack([.. frames.Select(frame => frame.Feature_ND)]),
            stack([.. frames.Select(frame => frame.Neck_ND)]))
        {
            Local_BHC = spec.Local is null ? null : stack([.. sets.Select(pair => (pair[0].Local_BHC! + pair[1].Local_BHC!) / 2)]),
        };
        Objective(whole).backward();

        foreach (var (wanted, said) in whole.Tensors.Zip(output.Tensors))
        {
            AssertClose(wanted, said, "what is said");
        }

        foreach (var (name, value) in model.State().Where(entry => entry.Value is Parameter { requires_grad: true }))
        {
            AssertClose(alone.Select(one => one.Network.State().Single(entry => entry.Name == name).Value.grad).Aggregate((sum, next) => sum! + next!), value.grad, name);
        }

        foreach (var (buffer, first) in model.buffers().Zip(alone[0].Network.buffers()))
        {
            AssertClose(first, buffer, "running statistics");
        }

        Array.ForEach(alone, one => one.Network.Dispose());
    }

    [Fact]
    public void Frames_of_unknown_cameras_are_refused()
    {
        using var scope = NewDisposeScope();
        using var images = Images(4);
        using var parallel = new DataParallel(Drawn(Small), new BatchDivision { ByCamera = true });

        Assert.Throws<ArgumentException>(() => parallel.Call(images));
        Assert.Throws<ArgumentException>(() => parallel.Call(images, [1, 1, 1, 1]));
    }

    [Fact]
    public void Halves_that_are_alike_are_as_good_as_the_whole_and_so_are_parts_without_statistics_of_their_own()
    {
        using var scope = NewDisposeScope();
        using var half = Images(3);
        using var twice = cat([half, half]);
        using var different = Images(6);
        foreach (var placement in Placements)
        {
            AssertAlike(twice, placement, isTraining: true);
            AssertAlike(different, placement, isTraining: false);
        }

        static void AssertAlike(Tensor images, Placement placement, bool isTraining)
        {
            using var whole = new DataParallel(Drawn(Small, out var one), 1);
            using var halves = new DataParallel(Drawn(Small, out var two), 2);
            halves.MoveTo(placement);
            foreach (var (parallel, model) in ((DataParallel, ReidModel)[])[(whole, one), (halves, two)])
            {
                using (no_grad())
                {
                    model.call(images + 1);
                }

                model.train(isTraining);
                Objective(parallel.Call(images)).backward();
                parallel.Backward();
            }

            // Statistics of twice as many numbers are summed in another order, and what is left of sums that cancel out is nothing but that.
            AssertClose(Gradient(one), Gradient(two), "gradient", isTraining ? 1e-3 : Rounding);
        }
    }

    private static Tensor Gradient(ReidModel model) => cat([.. model.parameters().Where(parameter => parameter.requires_grad).Select(parameter => parameter.grad!.view(-1))]);

    /// <summary>The losses, where gradients meet, and what is learned besides: by each method.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(10, true)]
    [InlineData(12, true)]
    [InlineData(13, true)]
    public void Several_devices_come_to_what_one_comes_to(int index, bool byCamera = false)
    {
        using var scope = NewDisposeScope();
        var plain = TrainingCases.Spec(index);
        var spec = byCamera ? plain with { CameraBatchNorm = new CameraBatchNormSpec() } : plain with { Replicas = 3 };
        var one = Step(spec, CPU);
        var several = Step(spec, new Placement([CPU, CPU]));
        var undivided = Step(plain, CPU);

        Assert.Equal(one.Keys, several.Keys);
        foreach (var (name, value) in one)
        {
            AssertClose(value, several[name], name);
        }

        Assert.False(one["total"].allclose(undivided["total"]), "statistics are each part's own");
        Assert.Contains(one.Keys, name => name.EndsWith("running_var", StringComparison.Ordinal));

        static Dictionary<string, Tensor> Step(TrainSpec spec, Placement placement)
        {
            var seen = new Dictionary<string, Tensor>();
            using var method = TrainingCases.Method(spec);
            using var batches = new NoiseBatches(1, spec.Method.SampledViews);
            using var batch = batches.Load(0, 0);
            method.MoveTo(placement);
            method.BeginTraining();
            var losses = method.Losses(batch, 0, 0);
            losses.Objective.backward();
            foreach (var (name, value) in losses.Terms.Append(("total", losses.Total)))
            {
                seen.Add(name, value.detach());
            }

            foreach (var learner in method.Learners)
            {
                learner.Backward();
                foreach (var (name, value) in learner.Model.State().Concat(learner.Losses.State()))
                {
                    var measured = value is Parameter ? value.grad : value.clone();
                    if (measured is not null)
                    {
                        seen.Add($"{learner.Role}.{name}", measured);
                    }
                }
            }

            return seen;
        }
    }

    [Theory]
    [InlineData(13, 3)]
    [InlineData(10, 2)]
    [InlineData(13, null)]
    public void On_several_devices_a_run_that_was_stopped_and_resumed_ends_with_the_same_bytes(int index, int? replicas)
    {
        var spec = TrainingCases.Spec(index) with { Replicas = replicas ?? 1, CameraBatchNorm = replicas is null ? new CameraBatchNormSpec() : null };
        var straight = Train(spec, null, 0);
        var stopped = Train(spec, null, 3);

        Assert.Equal((1, 1), (stopped.Epoch, stopped.Step));
        Assert.Equal(straight.Content, Train(spec, stopped.Content, 0).Content);

        static (int Epoch, int Step, byte[] Content) Train(TrainSpec spec, byte[]? from, int stopAfter)
        {
            using var context = new MemoryContext();
            using var method = TrainingCases.Method(spec);
            var alive = new List<long>();
            using var batches = new NoiseBatches(2, spec.Method.SampledViews)
            {
                OnLoad = loaded =>
                {
                    alive.Add(Tensor.TotalCount);
                    if (loaded == stopAfter)
                    {
                        context.AskToStop();
                    }
                },
            };
            using var checkpoint = from is null ? null : new MemoryStream(from);
            var trainer = new Trainer(
                spec, method, batches, TrainingCases.DatasetHash, TrainingCases.Identities, context, TimeProvider.System, new Placement([CPU, CPU]));
            try
            {
                trainer.Run(checkpoint, TrainingCases.NoMetrics);
            }
            catch (OperationCanceledException) when (stopAfter > 0)
            {
                // As asked.
            }

            // The losses of one step may be on their way.
            Assert.All(alive, count => Assert.InRange(count, alive.Min(), alive.Min() + 1));
            return context.Checkpoints[^1];
        }
    }

    [Fact]
    public void A_frozen_network_is_left_as_it_was_and_its_replicas_see_what_it_is()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var images = Images(6);
        var model = Drawn(Small);
        using var parallel = new DataParallel(model, 2, isFrozen: true);
        foreach (var placement in Placements)
        {
            parallel.MoveTo(placement);
            model.UseBatchStatisticsOnly();
            var before = ReidModelTests.Bytes(model);

            var said = parallel.Call(images);

            Assert.False(said.Embedding_BD.requires_grad);
            Assert.Equal(before, ReidModelTests.Bytes(model));
            Assert.All(model.modules().OfType<BatchNorm>(), norm => Assert.True(norm.BatchStatisticsOnly));
            AssertClose(cat([.. images.chunk(2).Select(part => model.call(part).Logits_BK)]), said.Logits_BK, "logits");
        }
    }

    [Fact]
    public void A_part_leaves_out_the_same_on_whatever_device_it_is()
    {
        using var scope = NewDisposeScope();
        using var images = Images(6);
        var spec = new ModelSpec(BackboneName.OsNetX025) { MultiView = new MultiViewSpec(MultiViewStyle.Pytorch) { Attention = false, BottleneckDim = 8 } };
        ModelOutput Say(Placement placement)
        {
            var model = Drawn(spec);
            using var parallel = new DataParallel(model, 3);
            parallel.MoveTo(placement);
            model.train();
            parallel.BeginStep(new StepName(1, "model", 2, 3));
            return parallel.Call(images);
        }

        var (one, two) = (Say(Placements[0]), Say(Placements[1]));

        foreach (var (alone, dealt) in one.Branches.Zip(two.Branches))
        {
            AssertClose(alone.RepresentationLogits_NK.detach(), dealt.RepresentationLogits_NK.detach(), alone.Name);
        }
    }

    /// <summary>A last batch may be smaller.</summary>
    [Theory]
    [InlineData(5, 2, new long[] { 2, 3 })]
    [InlineData(7, 3, new long[] { 2, 2, 3 })]
    [InlineData(3, 4, new long[] { 3 })]
    [InlineData(1, 2, new long[] { 1 })]
    public void A_batch_that_cannot_be_divided_has_parts_of_nearly_one_size_and_none_of_one_set(int sets, int parts, long[] sizes)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var images = Images(sets);
        foreach (var placement in Placements)
        {
            using var parallel = new DataParallel(Drawn(Small, out var model), parts);
            using var expected = Drawn(Small);
            parallel.MoveTo(placement);
            model.train();

            var said = parallel.Call(images);

            AssertClose(cat([.. images.split(sizes).Select(part => expected.call(part).Embedding_BD)]), said.Embedding_BD, "embeddings");
        }
    }

    [Fact]
    public void A_fault_on_the_devices_is_thrown_as_on_one_and_leaves_nothing_behind()
    {
        using var parallel = new DataParallel(Drawn(Small, out var model), 2);
        parallel.MoveTo(new Placement([CPU, CPU]));
        var alive = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            var images = zeros([4, 1, 5, 32, 16]);
            var onOne = Assert.ThrowsAny<Exception>(() => model.call(images));
            Assert.IsType(onOne.GetType(), Assert.ThrowsAny<Exception>(() => parallel.Call(images)));
        }

        Assert.Equal(alive, Tensor.TotalCount);
        using (NewDisposeScope())
        {
            using var images = Images(4);
            Objective(parallel.Call(images)).backward();
            parallel.Backward();
        }
    }

    private static Tensor Objective(ModelOutput output) =>
        output.Tensors.OfType<Tensor>().Select(tensor => (tensor * arange(tensor.numel()).sin().view(tensor.shape)).sum()).Aggregate((sum, next) => sum + next);

    private static void AssertClose(Tensor? expected, Tensor? actual, string what, double relative = Rounding)
    {
        Assert.True(expected is null == actual is null, $"{what}: there is {(expected is null ? "one" : "none")} and should not be");
        if (expected is not null)
        {
            Assert.Equal(expected.shape, actual!.shape);
            var (difference, scale) = ((expected - actual).abs().max().ToDouble(), expected.abs().max().ToDouble());
            Assert.True(difference <= (relative * scale) + 1e-7, $"{what}: differs by {difference} of {scale}");
        }
    }

    private static Tensor Images(int sets)
    {
        using var batches = new NoiseBatches(1, 2);
        using var batch = batches.Load(0, 0);
        using var scope = NewDisposeScope();
        return cat([batch.Images_BVCHW, batch.Images_BVCHW * 2 + 1]).narrow(0, 0, sets).clone().DetachFromDisposeScope();
    }

    private static ReidModel Drawn(ModelSpec spec, out ReidModel model) => model = Drawn(spec);

    private static ReidModel Drawn(ModelSpec spec)
    {
        var model = ReidModel.Of(spec, Identities);
        WeightInit.Draw(model, 5, "model");
        using var frozen = no_grad();

        // The last norm of a residual block starts at 0, and what is before it would have no gradients.
        foreach (var norm in model.modules().OfType<BatchNorm>())
        {
            norm.get_parameter("weight")!.fill_(1);
        }

        model.train();
        return model;
    }
}
