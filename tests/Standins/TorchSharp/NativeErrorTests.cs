using System.Runtime.InteropServices;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

[Collection(TorchCollection.Name)]
public sealed class NativeErrorTests : TorchTest
{
    [Fact]
    public void What_libtorch_says_reaches_the_caller()
    {
        var error = Assert.Throws<ExternalException>(() => zeros(2, 3).mm(zeros(2, 3)));
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", error.Message);
    }

    [Fact]
    public void Dimensions_indices_and_types_are_checked()
    {
        Assert.Contains("Dimension out of range", Assert.Throws<ExternalException>(() => zeros(2).sum(1)).Message);
        Assert.Contains("out of range", Assert.Throws<ExternalException>(() => zeros(2)[2]).Message);
        Assert.Throws<ExternalException>(() => zeros(2).size(1));
        Assert.Throws<ExternalException>(() => zeros(2, 3).view(4));
        Assert.Throws<ExternalException>(() => cat([zeros(2, 2), zeros(3, 3)]));
        Assert.Throws<ExternalException>(() => arange(3).requires_grad_());
    }

    [Fact]
    public void An_operator_works_again_after_an_error()
    {
        for (var i = 0; i < 100; i++) Assert.Throws<ExternalException>(() => zeros(2) + zeros(3));
        Close([2, 2], ones(2) + ones(2));
    }

    [Fact]
    public void A_leaf_that_wants_a_gradient_is_not_written_in_place()
        => Assert.Throws<ExternalException>(() => ones(2, requires_grad: true).add_(1));

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        var x = ones(2);
        x.Dispose();
        Assert.True(x.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => x + 1);
        Assert.Throws<InvalidOperationException>(() => ones(2) + x);
        Assert.Throws<InvalidOperationException>(() => x.shape);
        x.Dispose();
    }
}
