using System.Reflection;
using System.Text.Json.Serialization;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class LossRegistryTests
{
    public static TheoryData<string, Type> Kinds() => [.. typeof(LossSpec).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => ((string)kind.TypeDiscriminator!, kind.DerivedType))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_the_spec_builds_and_is_reported_by_its_json_name(string kind, Type type)
    {
        var spec = (LossSpec)Activator.CreateInstance(type)!;

        using var loss = LossRegistry.Create(spec, identities: 3, featureDim: 4);
        Assert.NotNull(loss);
        Assert.Equal(kind, SpecKinds.NameOf(spec));
    }
}
