using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Training;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models;

public sealed class CheckpointTests : TorchTests
{
    private static readonly TrainSpec Spec = TrainingCases.Spec(0);
    private static readonly CheckpointHead Head = new(Spec, TrainingCases.DatasetHash, TrainingCases.Identities, "model", 3, 4)
    {
        Losses = [new(1, 1e-4, new Dictionary<string, double> { ["total"] = 0.1 + 0.2 })],
        Evaluations = [new(1, [])],
        EpochSums = new Dictionary<string, double> { ["total"] = 1.0 / 3 },
    };

    [Fact]
    public void A_run_goes_on_exactly_where_it_was()
    {
        using var model = TrainingCases.Teacher();
        using var other = ReidModel.Of(Spec.Model, TrainingCases.Identities.Length);
        using var stream = Written(model);

        var head = Checkpoint.Restore(stream, Spec, TrainingCases.DatasetHash, TrainingCases.Identities, [.. Checkpoint.Entries("model", other)]);

        Assert.Equal(ReidJson.Write(Head), ReidJson.Write(head));
        Assert.Equal(ReidModelTests.Bytes(model), ReidModelTests.Bytes(other));
    }

    [Fact]
    public void The_result_of_a_run_is_loaded_without_its_optimizer()
    {
        using var model = TrainingCases.Teacher();
        using var extra = ones(5);
        using var stream = Written(model, extra: extra);

        var (loaded, head) = Checkpoint.LoadModel(stream);

        using (loaded)
        {
            Assert.Equal(ReidModelTests.Bytes(model), ReidModelTests.Bytes(loaded));
            Assert.False(loaded.training);
            Assert.Equal("model", head!.ResultRole);
        }
    }

    [Fact]
    public void A_network_of_several_views_is_loaded_whole()
    {
        var spec = Spec with { Model = new ModelSpec(BackboneName.OsNetX025) { MultiView = new MultiViewSpec(MultiViewStyle.Pytorch) { Attention = false, BottleneckDim = 8 } } };
        using var model = ReidModel.Of(spec.Model, TrainingCases.Identities.Length);
        using var stream = new MemoryStream();
        Checkpoint.Write(stream, Head with { Spec = spec }, [.. Checkpoint.Entries("model", model)]);
        stream.Position = 0;

        using var loaded = Checkpoint.LoadModel(stream);

        Assert.IsType<MultiViewModel>(loaded.Model);
        Assert.Equal(ReidModelTests.Bytes(model), ReidModelTests.Bytes(loaded.Model));
    }

    [Fact]
    public void Refuses_a_teacher_that_was_trained_on_other_identities()
    {
        using var model = TrainingCases.Teacher();
        using var stream = Written(model);

        string Refusal(string hash, string[] identities)
        {
            stream.Position = 0;
            return Assert.Throws<CheckpointException>(() => Teacher(stream, hash, identities)).Message;
        }

        Assert.Contains("3 of data set 'test', while this run has 2", Refusal(TrainingCases.DatasetHash, ["0001", "0002"]));
        Assert.Contains("label 2 is '0005' of data set 'test' there and '0007' here", Refusal(TrainingCases.DatasetHash, ["0001", "0002", "0007"]));
        Assert.Contains("train a teacher on this data set first", Refusal("other-content", TrainingCases.Identities));

        stream.Position = 0;
        Teacher(stream, TrainingCases.DatasetHash, TrainingCases.Identities);
    }

    [Fact]
    public void Refuses_a_list_of_identities_that_its_own_classifier_denies()
    {
        using var model = TrainingCases.Teacher();
        using var stream = new MemoryStream();
        Checkpoint.Write(stream, Head with { Identities = [.. TrainingCases.Identities, "0009"] }, [.. Checkpoint.Entries("model", model)]);
        stream.Position = 0;

        Assert.Contains("lists 4 identities", Assert.Throws<CheckpointException>(() => Checkpoint.LoadModel(stream)).Message);
    }

    [Fact]
    public void Refuses_to_go_on_with_another_spec_and_names_the_first_difference()
    {
        using var model = TrainingCases.Teacher();
        using var stream = Written(model);

        string Refusal(TrainSpec spec)
        {
            stream.Position = 0;
            return Assert.Throws<CheckpointException>(() => Checkpoint.Restore(
                stream, spec, TrainingCases.DatasetHash, TrainingCases.Identities, [.. Checkpoint.Entries("model", model)])).Message;
        }

        Assert.Contains("$.model.backbone is \"resnet18\" there and \"resnet50\" here", Refusal(Spec with { Model = new ModelSpec(BackboneName.ResNet50) }));
        Assert.Contains("$.seed is 1897 there and 1 here", Refusal(Spec with { Seed = 1 }));
        Assert.Contains("$.method.losses", Refusal(Spec with { Method = new SupervisedSpec(2) { Losses = [new CrossEntropySpec()] } }));
    }

    [Fact]
    public void Refuses_tensors_that_do_not_fit()
    {
        using var model = TrainingCases.Teacher();
        using var larger = ReidModel.Of(Spec.Model, 9);
        using var scope = NewDisposeScope();
        var entries = Checkpoint.Entries("model", larger).ToList();

        Assert.Contains("'model.model.classifier.classifier.weight' is F32 [3, 512] in the checkpoint and F32 [9, 512] here", Refusal(entries));
        Assert.Contains("lacks 'more'", Refusal([.. Checkpoint.Entries("model", model), ("more", ones(1))]));
        Assert.Contains("which this run does not know", Refusal([.. Checkpoint.Entries("model", model).Skip(1)]));

        string Refusal(IReadOnlyList<(string, Tensor)> targets)
        {
            using var stream = Written(model);
            return Assert.Throws<CheckpointException>(() => Checkpoint.Restore(stream, Spec, TrainingCases.DatasetHash, TrainingCases.Identities, targets)).Message;
        }
    }

    [Fact]
    public void Refuses_what_is_truncated_or_no_checkpoint()
    {
        using var model = TrainingCases.Teacher();
        using var stream = Written(model);
        var whole = stream.ToArray();
        var random = Seeding.Stream(1, "test/truncation");
        for (var i = 0; i < 40; i++)
        {
            var length = i < 20 ? random.NextInt(whole.Length) : random.NextInt(20_000);
            using var cut = new MemoryStream(whole, 0, length);
            Assert.Throws<CheckpointException>(() => Checkpoint.LoadModel(cut));
        }

        using var foreign = new MemoryStream();
        Safetensors.Write(foreign, new Dictionary<string, string>(), model.State());
        foreign.Position = 0;
        Assert.Contains("not a checkpoint of this program", Assert.Throws<CheckpointException>(() => Checkpoint.LoadModel(foreign)).Message);
    }

    /// <summary>Whatever bytes of the header are changed: refused by name, or read; never another failure, never tensors left behind.</summary>
    [Fact]
    public void Refuses_hostile_heads_by_name()
    {
        using var model = TrainingCases.Teacher();
        using var stream = Written(model);
        var whole = stream.ToArray();
        var headerLength = (int)BitConverter.ToInt64(whole);
        var random = Seeding.Stream(2, "test/mutation");
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var places = Enumerable.Range(0, 1 + random.NextInt(3)).Select(_ => 8 + random.NextInt(i % 2 == 0 ? 1500 : headerLength)).ToArray();
            var originals = Array.ConvertAll(places, place => whole[place]);
            foreach (var place in places)
            {
                whole[place] = (byte)random.NextInt(128);
            }

            using var mutated = new MemoryStream(whole);
            try
            {
                Checkpoint.ReadHead(mutated);
            }
            catch (CheckpointException)
            {
                refused++;
            }

            for (var p = places.Length - 1; p >= 0; p--)
            {
                whole[places[p]] = originals[p];
            }
        }

        Assert.InRange(refused, 200, 300);
    }

    private static MemoryStream Written(ReidModel model, Tensor? extra = null)
    {
        var stream = new MemoryStream();
        var entries = Checkpoint.Entries("model", model).ToList();
        if (extra is not null)
        {
            entries.Add(("optimizer.model.extra", extra));
        }

        Checkpoint.Write(stream, Head, entries);
        stream.Position = 0;
        return stream;
    }

    private static void Teacher(Stream stream, string datasetHash, IReadOnlyList<string> identities)
    {
        using var teacher = Checkpoint.LoadModel(stream);
        teacher.RequireIdentities("teacher", datasetHash, identities);
    }
}
