using System.Text;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Specs;

public sealed class ReidJsonTests
{
    private static readonly TrainSpec Spec = new("mars", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec());

    [Fact]
    public void Has_one_byte_form_whatever_the_order_of_members()
    {
        var one = ReidJson.Read<RunSpec>("""
            { "kind": "train", "dataset": "mars", "model": { "backbone": "resnet18" }, "method": { "kind": "supervised" }, "epochs": 300 }
            """u8);
        var other = ReidJson.Read<RunSpec>("""
            { "epochs": 300, "method": { "views": 8, "kind": "supervised" }, "model": { "lastStride": 1, "backbone": "resnet18" }, "dataset": "mars", "kind": "train" }
            """u8);

        Assert.Equal(ReidJson.Canonical(Spec), ReidJson.Canonical(one));
        Assert.Equal(ReidJson.Canonical(Spec), ReidJson.Canonical(other));
        Assert.Equal(RunId.Of(one), RunId.Of(other));
    }

    [Fact]
    public void Writes_every_member_in_order_of_names()
    {
        var text = Encoding.UTF8.GetString(ReidJson.Canonical(Spec));

        Assert.StartsWith("""{"augmentation":{"cropProbability":0,"cropRatio":1,"erasingArea":{"max":0.4,"min":0.02},""", text, StringComparison.Ordinal);
        Assert.Contains("\"seed\":1897", text, StringComparison.Ordinal);
        Assert.DoesNotContain("parents", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sampledViews", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_different_specs_different_forms()
    {
        Assert.NotEqual(RunId.Of(Spec), RunId.Of(Spec with { Seed = 1 }));
        Assert.NotEqual(RunId.Of(Spec), RunId.Of(Spec with { Schedule = new MultiStepSpec([200, 100]) }));
    }

    [Fact]
    public void Reads_what_it_writes()
    {
        var losses = new LossSpec[]
        {
            new TripletSpec { Margin = 0.3, Normalize = true }, new CrossEntropySpec { LabelSmoothing = 0.1 }, new LogitDistillationSpec { Temperature = 4 },
            new LogitMatchingSpec { Weight = 2 }, new DistancePreservationSpec { Penalty = DistancePenalty.Huber },
        };
        var spec = Spec with
        {
            Method = new ViewDistillationSpec(new CheckpointRef("0123456789abcdef0123"), 6, 3) { Losses = losses, ReinitializeLastStage = false },
            Optimizer = new SgdSpec(0.05) { Nesterov = true },
            Schedule = new ConstantSpec(),
        };

        Assert.Equal(ReidJson.Canonical(spec), ReidJson.Canonical(ReidJson.Read<RunSpec>(ReidJson.Canonical(spec))));
        Assert.Equal(ReidJson.Canonical(spec), ReidJson.Canonical(ReidJson.Read<RunSpec>(ReidJson.Write<RunSpec>(spec))));
    }
}
