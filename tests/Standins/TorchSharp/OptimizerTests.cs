using ReidCloud.Tests.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

[Collection(TorchCollection.Name)]
public sealed class OptimizerTests : TorchTest
{
    private readonly Parameter _x = nn.Parameter(tensor(new[] { 2.0 }));

    /// <summary>One step down x², whose gradient is 2x.</summary>
    private void Step(optim.Optimizer optimizer)
    {
        _x.grad = null;
        (_x * _x).sum().backward();
        optimizer.step();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Adam_follows_its_formula(double decay)
    {
        var adam = optim.Adam([_x], lr: 0.1, beta1: 0.8, beta2: 0.9, eps: 1e-3, weight_decay: decay);
        double x = 2, m = 0, v = 0;
        for (var t = 1; t <= 5; t++)
        {
            Step(adam);
            var g = (2 * x) + (decay * x);
            m = (0.8 * m) + (0.2 * g);
            v = (0.9 * v) + (0.1 * g * g);
            x -= 0.1 / (1 - Math.Pow(0.8, t)) * m / (Math.Sqrt(v) / Math.Sqrt(1 - Math.Pow(0.9, t)) + 1e-3);
            Close([x], _x, 1e-12);
        }
    }

    [Fact]
    public void AdamW_shrinks_the_parameter_itself()
    {
        var adam = optim.AdamW([_x], lr: 0.1, weight_decay: 0.5);
        Step(adam);
        Close([(2 * (1 - 0.05)) - (0.1 * 4 / (4 + 1e-8))], _x, 1e-12);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    public void Gradient_descent_follows_its_formula(double momentum, bool nesterov)
    {
        var sgd = optim.SGD([_x], 0.01, momentum: momentum, weight_decay: 0.1, nesterov: nesterov);
        double x = 2;
        double? buffer = null;
        for (var t = 0; t < 5; t++)
        {
            Step(sgd);
            var g = 2.1 * x;
            buffer = buffer is null ? g : (momentum * buffer) + g;
            x -= 0.01 * (momentum == 0 ? g : nesterov ? g + (momentum * buffer.Value) : buffer.Value);
            Close([x], _x, 1e-12);
        }
    }

    [Fact]
    public void The_moments_can_be_read_and_carried_to_another_optimizer()
    {
        var adam = optim.Adam([_x], lr: 0.1);
        Step(adam);
        Step(adam);
        var state = Assert.IsType<Adam.State>(Assert.Single(adam.state_dict().State));
        Assert.Equal(2, state.step);
        Close([0.0], state.exp_avg - ((0.9 * 0.1 * 4) + (0.1 * 3.8)), 1e-6);

        var y = nn.Parameter(_x.detach().clone());
        var other = optim.Adam([y], lr: 0.1);
        var copy = (Adam.State)other.state_dict().State[0];
        copy.step = state.step;
        copy.exp_avg.copy_(state.exp_avg);
        copy.exp_avg_sq.copy_(state.exp_avg_sq);
        Step(adam);
        (y * y).sum().backward();
        other.step();
        Assert.True(_x.Equals(y));
    }

    [Fact]
    public void A_saved_optimizer_continues_bit_by_bit()
    {
        var adam = optim.Adam([_x], lr: 0.1, weight_decay: 0.01);
        Step(adam);
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, System.Text.Encoding.UTF8, leaveOpen: true)) adam.save_state_dict(writer);
        var y = nn.Parameter(_x.detach().clone());
        Step(adam);

        memory.Position = 0;
        var other = optim.Adam([y]);
        other.load_state_dict(new BinaryReader(memory));
        (y * y).sum().backward();
        other.step();
        Assert.True(_x.Equals(y));
        memory.Position = 0;
        Assert.Throws<InvalidDataException>(() => optim.SGD([y], 0.1).load_state_dict(new BinaryReader(memory)));
    }

    [Fact]
    public void Groups_have_rates_of_their_own()
    {
        var y = nn.Parameter(tensor(new[] { 2.0 }));
        var sgd = optim.SGD([new SGD.ParamGroup([_x], new SGD.Options { LearningRate = 0.5 }), new SGD.ParamGroup([y], new SGD.Options())], 0.25);
        Assert.Equal([0.5, 0.25], sgd.ParamGroups.Select(group => group.LearningRate));
        (_x * _x + y * y).sum().backward();
        sgd.step();
        Close([0], _x);
        Close([1], y);
        foreach (var group in sgd.ParamGroups) group.LearningRate = 0;
        sgd.step();
        Close([1], y);
        sgd.zero_grad();
        Close([0], y.grad!);
        Assert.Equal([_x, y], sgd.parameters());
    }

    [Fact]
    public void A_parameter_without_gradient_is_left_alone()
    {
        var adam = optim.Adam([_x]);
        adam.step();
        Close([2], _x);
        Assert.Equal(0, ((Adam.State)adam.state_dict().State[0]).step);
    }

    [Fact]
    public void Rates_drop_at_their_milestones()
    {
        var sgd = optim.SGD([_x], 1.0);
        var schedule = optim.lr_scheduler.MultiStepLR(sgd, [2, 4], 0.1);
        var rates = new List<double>();
        for (var epoch = 0; epoch < 6; epoch++)
        {
            rates.Add(Math.Round(sgd.ParamGroups.Single().LearningRate, 6));
            schedule.step();
        }
        Assert.Equal([1, 1, 0.1, 0.1, 0.01, 0.01], rates);
        schedule.step(3);
        Assert.Equal(0.1, sgd.ParamGroups.Single().LearningRate, 1e-12);
    }

    [Fact]
    public void Rates_follow_a_function_of_the_epoch()
    {
        var sgd = optim.SGD([_x], 2.0);
        var schedule = optim.lr_scheduler.LambdaLR(sgd, epoch => (epoch + 1) / 10.0);
        Assert.Equal(0.2, sgd.ParamGroups.Single().LearningRate, 1e-12);
        schedule.step();
        Assert.Equal([0.4], schedule.get_last_lr());
    }

    [Theory]
    [InlineData(-1, 0.9)]
    [InlineData(0.1, 1)]
    public void Impossible_options_are_refused(double rate, double beta)
        => Assert.Throws<ArgumentException>(() => optim.Adam([_x], lr: rate, beta1: beta));
}
