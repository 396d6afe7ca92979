using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Golden;

/// <summary>The product computes what the reference programs computed.</summary>
[Collection(TorchCollection.Name)]
public sealed class GoldenTests
{
    public static TheoryData<string> Files() => [.. GoldenFolder.Cases().Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Equals_the_reference(string file)
    {
        var given = GoldenCase.Read(Path.Combine(GoldenFolder.Current, file + ".safetensors"));

        given.Compare(GoldenOps.Find(given.Op)(given));
    }

    [Fact]
    public void An_unknown_op_fails() =>
        Assert.Contains("no computation is known for the golden op 'vkd.nonsense'", Assert.Throws<NotSupportedException>(() => GoldenOps.Find("vkd.nonsense")).Message);

    [Fact]
    public void A_value_outside_its_tolerance_fails()
    {
        var given = GoldenCase.Read(Path.Combine(GoldenFolder.Own, "fill.vkd_cbn.safetensors"));
        var outputs = GoldenFill.Run(given).ToDictionary();
        var first = outputs["0"].F32;
        first[5] += 1e-5f;
        outputs["0"] = GoldenTensor.Of(first, outputs["0"].Shape);

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => given.Compare(outputs));
    }

    [Fact]
    public void A_missing_output_fails()
    {
        var given = GoldenCase.Read(Path.Combine(GoldenFolder.Own, "fill.vkd_cbn.safetensors"));
        var outputs = GoldenFill.Run(given).ToDictionary();
        outputs.Remove("3");

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => given.Compare(outputs));
    }
}
