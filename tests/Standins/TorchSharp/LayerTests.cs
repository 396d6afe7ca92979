using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

[Collection(AloneCollection.Name)]
public sealed class LayerTests : TorchTest
{
    [Fact]
    public void Convolution_is_a_sum_over_windows()
    {
        using var layer = nn.Conv2d(1, 1, 3, stride: 2, padding: 1);
        using (no_grad())
        {
            layer.weight.copy_(arange(9, float32).reshape(1, 1, 3, 3));
            layer.bias!.fill_(0.5);
        }
        var image = arange(9, float32).reshape(1, 1, 3, 3);
        Assert.Equal([1, 1, 2, 2], layer.call(image).shape);
        // the upper left window covers [0 1; 3 4] under the kernel's [4 5; 7 8]
        Close([(0 * 4) + (1 * 5) + (3 * 7) + (4 * 8) + 0.5], layer.call(image)[0, 0, 0, 0]);
        Assert.Throws<ArgumentException>(() => layer.call(zeros(1, 2, 3, 3)));
    }

    [Fact]
    public void Weights_start_within_the_bounds_of_their_fan_in()
    {
        manual_seed(1);
        using var conv = nn.Conv2d(16, 32, 3);
        Assert.Equal([32, 16, 3, 3], conv.weight.shape);
        Assert.InRange(conv.weight.abs().max().item<float>(), 0.95f / 12, 1f / 12);
        Assert.InRange(conv.bias!.abs().max().item<float>(), 0.8f / 12, 1f / 12);
        using var linear = nn.Linear(100, 50);
        Assert.InRange(linear.weight.abs().max().item<float>(), 0.095f, 0.1f);
        Assert.Null(nn.Linear(2, 2, hasBias: false).bias);
    }

    [Fact]
    public void Initial_values_have_the_asked_spread()
    {
        manual_seed(2);
        var weight = zeros(200, 50, 2, 2);
        nn.init.kaiming_normal_(weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        Assert.Equal(Math.Sqrt(2.0 / 800), (double)weight.std(), 1e-3);
        nn.init.kaiming_normal_(weight);
        Assert.Equal(Math.Sqrt(2.0 / 200), (double)weight.std(), 1e-3);
        nn.init.xavier_uniform_(weight);
        Assert.Equal(Math.Sqrt(6.0 / 1000), (double)weight.abs().max(), 1e-4);
        nn.init.normal_(weight, 1, 0.1);
        Assert.Equal(1, (double)weight.mean(), 1e-2);
        nn.init.constant_(weight, 0.25);
        Close([0.25], weight.mean());
        Assert.Equal((200L, 800L), nn.init.CalculateFanInAndFanOut(weight));
    }

    [Fact]
    public void Batch_norm_normalizes_and_keeps_a_running_estimate()
    {
        using var layer = nn.BatchNorm1d(1);
        var batch = tensor(new float[,] { { 1 }, { 3 } });
        Close([-1, 1], layer.call(batch), 1e-4);
        Close([0.2], layer.running_mean!);
        Close([0.9 + (0.1 * 2)], layer.running_var!);
        Assert.Equal(1, layer.num_batches_tracked!.item<long>());
        layer.eval();
        Close([(1 - 0.2) / Math.Sqrt(1.1 + 1e-5), (3 - 0.2) / Math.Sqrt(1.1 + 1e-5)], layer.call(batch), 1e-5);
        Assert.Equal(1, layer.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void Batch_norm_without_momentum_averages_over_all_batches()
    {
        using var layer = nn.BatchNorm1d(1);
        layer.momentum = null;
        layer.call(tensor(new float[,] { { 1 }, { 3 } }));
        layer.call(tensor(new float[,] { { 5 }, { 7 } }));
        Close([4], layer.running_mean!);
    }

    [Fact]
    public void Batch_norm_that_tracks_nothing_always_uses_the_batch()
    {
        using var layer = nn.BatchNorm2d(2, affine: false, track_running_stats: false);
        Assert.Empty(layer.state_dict());
        layer.eval();
        Close([0, 0], layer.call(randn(3, 2, 4, 4)).mean([0, 2, 3]), 1e-5);
    }

    [Fact]
    public void Pooling_takes_the_largest_or_the_mean()
    {
        var x = arange(16, float32).reshape(1, 1, 4, 4);
        Close([5, 7, 13, 15], nn.MaxPool2d(2).call(x));
        Assert.Equal([1, 1, 2, 2], nn.MaxPool2d(3, stride: 2, padding: 1).call(x).shape);
        Close([2.5, 4.5, 10.5, 12.5], nn.AvgPool2d(2).call(x));
        Close([7.5], nn.AdaptiveAvgPool2d(1).call(x));
        Close([7, 15], nn.AdaptiveMaxPool2d([2, 1]).call(x));
        Assert.Equal([1, 16], nn.Flatten().call(x).shape);
    }

    [Fact]
    public void Dropout_scales_what_it_keeps_and_rests_in_evaluation()
    {
        manual_seed(4);
        using var layer = nn.Dropout(0.25);
        var dropped = layer.call(ones(10000));
        Assert.Equal(2, dropped.unique().output.numel());
        Assert.Equal(1, (double)dropped.mean(), 2e-2);
        Assert.Equal(4f / 3, dropped.max().item<float>(), 1e-6f);
        layer.eval();
        Close([1, 1], layer.call(ones(2)));
    }

    [Fact]
    public void In_place_activations_write_into_their_input()
    {
        var x = tensor(new[] { -1f, 8f });
        Close([0, 6], nn.ReLU6().call(x));
        Close([-1, 8], x);
        var result = nn.ReLU(inplace: true).call(x);
        Close([0, 8], x);
        x.Dispose();
        Close([0, 8], result);
        Close([0.5], nn.Sigmoid().call(zeros(1)));
        Close([0.5, 0.5], nn.Softmax(0).call(zeros(2)));
        Close([3], nn.Identity().call(tensor(new[] { 3f })));
    }

    [Fact]
    public void Parameters_replace_the_tensor_they_are_made_of()
    {
        var data = ones(2);
        using var parameter = nn.Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.False(nn.Parameter(ones(1), requires_grad: false).requires_grad);
    }
}
