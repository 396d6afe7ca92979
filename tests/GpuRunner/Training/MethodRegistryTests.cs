using System.Reflection;
using System.Text.Json.Serialization;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Training;

public sealed class MethodRegistryTests : TorchTests
{
    /// <summary>Each kind is one of the trained, resumed and measured cases of <see cref="TrainerTests"/>.</summary>
    [Fact]
    public void Every_kind_of_the_spec_is_a_tested_case()
    {
        var tested = TrainingCases.All.Select(row => TrainingCases.Spec(row.Data).Method.GetType()).Distinct();

        Assert.Equal(
            typeof(MethodSpec).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => kind.DerivedType).OrderBy(type => type.Name),
            tested.OrderBy(type => type.Name));
    }

    [Fact]
    public void The_same_seed_gives_the_same_method_and_another_seed_another()
    {
        var spec = TrainingCases.Spec(1);
        using var first = TrainingCases.Method(spec);
        using var same = TrainingCases.Method(spec);
        using var other = TrainingCases.Method(spec with { Seed = 2 });

        Assert.Equal(Models.ReidModelTests.Bytes(first.Result), Models.ReidModelTests.Bytes(same.Result));
        Assert.NotEqual(Models.ReidModelTests.Bytes(first.Result), Models.ReidModelTests.Bytes(other.Result));
    }
}
