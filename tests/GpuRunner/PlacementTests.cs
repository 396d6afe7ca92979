using ReidCloud.GpuRunner;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner;

public sealed class PlacementTests
{
    private static readonly Placement Three = new([new Device("cuda:2"), new Device("cuda:0"), new Device("cuda:1")]);

    [Fact]
    public void A_run_has_work_for_as_many_devices_as_it_has_replicas_or_peers()
    {
        var teacher = new TrainSpec("test", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec());

        Assert.Equal("cuda:2", $"{Three.For(teacher)}");
        Assert.Equal("cuda:2,cuda:0", $"{Three.For(teacher with { Replicas = 2 })}");
        Assert.Equal("cuda:2,cuda:0,cuda:1", $"{Three.For(teacher with { Replicas = 8 })}");
        Assert.Equal("cuda:2,cuda:0", $"{Three.For(teacher with { Method = new MutualLearningSpec(2), Replicas = 8 })}");
        Assert.Equal("cuda:2,cuda:0,cuda:1", $"{Three.For(teacher with { CameraBatchNorm = new CameraBatchNormSpec() })}");
        Assert.Equal("cuda:2,cuda:0", $"{Three.For(teacher with { Sampling = new SamplingSpec(2, 2), Method = new SupervisedSpec(1), CameraBatchNorm = new CameraBatchNormSpec() })}");
        Assert.Equal("cuda:2", $"{Three.For(new EvaluateSpec("test", new CheckpointRef("run")))}");
    }

    [Fact]
    public void A_run_may_keep_as_many_frames_on_its_devices_as_the_runner() =>
        Assert.Equal(5, (Three with { ResidentBytes = 5 }).For(new EvaluateSpec("test", new CheckpointRef("run"))).ResidentBytes);
}
