using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Models;
using ReidCloud.Tests.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

/// <summary>Against the published formulas, number by number in double precision.</summary>
public sealed class OptimizerTests : TorchTests
{
    private const int Steps = 4;

    private delegate double Rule(double value, double gradient, double[] memory, int step);

    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    public void Adam_is_the_published_rule(double decay)
    {
        var spec = new AdamSpec(1e-2, decay);
        Check(spec, 2, (value, gradient, memory, step) =>
        {
            gradient += decay * value;
            memory[0] = (0.9 * memory[0]) + (0.1 * gradient);
            memory[1] = (0.999 * memory[1]) + (0.001 * gradient * gradient);
            var mean = memory[0] / (1 - Math.Pow(0.9, step));
            var square = memory[1] / (1 - Math.Pow(0.999, step));
            return value - (1e-2 * mean / (Math.Sqrt(square) + 1e-8));
        });
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    public void Sgd_is_the_published_rule(double momentum, bool nesterov)
    {
        var spec = new SgdSpec(1e-2, 0.05) { Momentum = momentum, Nesterov = nesterov };
        Check(spec, 1, (value, gradient, memory, step) =>
        {
            gradient += 0.05 * value;
            memory[0] = (momentum * memory[0]) + gradient;
            return value - (1e-2 * (nesterov ? gradient + (momentum * memory[0]) : memory[0]));
        });
    }

    /// <summary>Each parameter by the rule of the first group that it fits; slots and step counts are as without groups.</summary>
    [Fact]
    public void Groups_have_rates_and_decays_of_their_own()
    {
        OptimizerSpec[] specs =
        [
            new AdamSpec(1e-2, 0.05) { Groups = Groups },
            new SgdSpec(1e-2, 0.05) { Groups = Groups },
        ];
        Assert.All(specs, spec =>
        {
            using var scope = NewDisposeScope();
            using var model = Model().to(ScalarType.Float64);
            using var optimizer = Optimizer.Create(spec, model);
            var alone = new Dictionary<(double, double), Dictionary<string, double[]>>();
            foreach (var (rate, decay) in ((double, double)[])[(1, 0.05), (2, 0), (1, 0.1), (0.1, 0.05)])
            {
                using var same = Model().to(ScalarType.Float64);
                using var plain = Optimizer.Create(spec with { WeightDecay = decay, Groups = [] }, same);
                alone.Add((rate, decay), Moved(same, plain, 1e-2 * rate));
            }

            var moved = Moved(model, optimizer, 1e-2);

            Assert.All(moved, entry => Assert.Equal(alone[Expected(entry.Key)][entry.Key], entry.Value));
        });
    }

    private static readonly ParameterGroupSpec[] Groups =
        [new(ParameterKind.Biases, 2) { WeightDecay = 0 }, new(ParameterKind.Norms) { WeightDecay = 0.1 }, new(ParameterKind.Backbone, 0.1)];

    private static (double Rate, double Decay) Expected(string name) =>
        name.EndsWith(".bias", StringComparison.Ordinal) ? (2, 0)
        : name.Contains("bn", StringComparison.Ordinal) || name.Contains("downsample.1", StringComparison.Ordinal) || name.Contains("layers.0.1", StringComparison.Ordinal) || name.Contains("bottleneck", StringComparison.Ordinal) ? (1, 0.1)
        : name.StartsWith("backbone.", StringComparison.Ordinal) ? (0.1, 0.05)
        : (1, 0.05);

    private static Dictionary<string, double[]> Moved(ReidModel model, Optimizer optimizer, double rate)
    {
        for (var step = 0; step < 3; step++)
        {
            foreach (var (name, value) in model.State())
            {
                if (value is Parameter { requires_grad: true } parameter)
                {
                    parameter.grad = ((parameter.detach() * 0.5) + (step + 1)).detach();
                }
            }

            optimizer.Step(rate);
        }

        return model.State().Where(entry => entry.Value is Parameter { requires_grad: true })
            .ToDictionary(entry => entry.Name, entry => entry.Value.detach().flatten().narrow(0, 0, Math.Min(8, entry.Value.numel())).data<double>().ToArray());
    }

    [Fact]
    public void A_group_that_no_parameter_of_the_model_is_left_for_is_the_users_mistake()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var spec = new AdamSpec { Groups = [new ParameterGroupSpec(ParameterKind.Norms, 2), new ParameterGroupSpec(ParameterKind.Biases, 2)] };

        var fault = Assert.Throws<SpecException>(() => Optimizer.Create(spec, model));

        Assert.Equal("$.optimizer.groups[1]", Assert.Single(fault.Errors).Path);
        Assert.Contains("of biases this model has none", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_frozen_or_has_no_gradient_stays_as_it_is()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var optimizer = Optimizer.Create(new AdamSpec(1), model);
        var before = ReidModelTests.Bytes(model);

        optimizer.Step(1);

        Assert.Equal(before, ReidModelTests.Bytes(model));
        Assert.DoesNotContain(optimizer.State(), entry => entry.Name.StartsWith("classifier.bottleneck.bias", StringComparison.Ordinal));
    }

    /// <summary>All parameters get gradients of their own; one small and one beyond the cache chunk are followed number by number.</summary>
    private static void Check(OptimizerSpec spec, int slots, Rule rule)
    {
        using var scope = NewDisposeScope();
        using var model = Model().to(ScalarType.Float64);
        using var optimizer = Optimizer.Create(spec, model);
        Parameter[] followed =
        [
            .. model.State().Where(entry => entry.Name is "classifier.classifier.weight" or "backbone.features_layers.1.0.0.conv1.weight" or "backbone.features_layers.2.0.0.conv2.weight")
                .Select(entry => (Parameter)entry.Value),
        ];
        Assert.Contains(followed, parameter => parameter.numel() > 1 << 17);
        var expected = followed.Select(parameter => parameter.detach().data<double>().ToArray()).ToArray();
        var memory = expected.Select(values => values.Select(_ => new double[slots]).ToArray()).ToArray();
        for (var step = 1; step <= Steps; step++)
        {
            for (var p = 0; p < followed.Length; p++)
            {
                var gradient = randn(followed[p].shape, dtype: ScalarType.Float64);
                followed[p].grad = gradient.clone();
                var given = gradient.data<double>().ToArray();
                for (var k = 0; k < given.Length; k++)
                {
                    expected[p][k] = rule(expected[p][k], given[k], memory[p][k], step);
                }
            }

            optimizer.Step(spec.LearningRate);
        }

        for (var p = 0; p < followed.Length; p++)
        {
            var actual = followed[p].detach().data<double>().ToArray();
            Assert.Equal(0, actual.Zip(expected[p], (a, b) => Math.Abs(a - b)).Max(), 1e-10);
        }
    }

    private static ReidModel Model()
    {
        var model = ReidModel.Of(TrainingCases.Model, 5);
        WeightInit.Draw(model, 1, "test");
        return model;
    }
}
