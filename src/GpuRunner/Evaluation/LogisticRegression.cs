using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Multinomial logistic regression in double precision: the mean cross-entropy, in which every class weighs the same however many items it has, and half
/// an L2 penalty on all weights but the biases. The minimum is unique, and L-BFGS (Nocedal 1980) finds it from zero without chance: until no part of the
/// gradient exceeds <see cref="Tolerance"/>, or the last digits allow no progress. N items, D numbers and a one, K classes.
/// </summary>
internal sealed class LogisticRegression : IDisposable
{
    public const double Tolerance = 1e-6;
    public const int MostSteps = 500;

    private const int Memory = 10;
    private const double SufficientDecrease = 1e-4;
    private const int MostHalvings = 40;

    private readonly Tensor _parameters_DK;

    private LogisticRegression(Tensor parameters_DK, bool converged) => (_parameters_DK, Converged) = (parameters_DK, converged);

    public bool Converged { get; }

    /// <param name="items_ND">Doubles.</param>
    /// <param name="classes_N">From 0 to <paramref name="classes"/> − 1, each at least once.</param>
    public static LogisticRegression Fit(Tensor items_ND, long[] classes_N, int classes, double penalty, CancellationToken stop)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var objective = new Objective(WithOnes(items_ND), classes_N, classes, penalty);
        var steps = new List<(Tensor Moved, Tensor Turned, double Product)>();
        var at = zeros([items_ND.shape[1] + 1, classes], float64);
        var (loss, gradient) = objective.At(at);
        for (var step = 0; step < MostSteps && Largest(gradient) > Tolerance; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var direction = Direction(gradient, steps);
            if (Search(objective, at, loss, gradient, direction) is not { } better)
            {
                // What is left to gain is less than the sums can tell.
                break;
            }

            var (moved, turned) = (better.At - at, better.Gradient - gradient);
            var product = Product(moved, turned);
            if (product > 0)
            {
                steps.Add((moved.MoveToOuterDisposeScope(), turned.MoveToOuterDisposeScope(), product));
            }

            if (steps.Count > Memory)
            {
                steps[0].Moved.Dispose();
                steps[0].Turned.Dispose();
                steps.RemoveAt(0);
            }

            at.Dispose();
            gradient.Dispose();
            (at, loss, gradient) = (better.At.MoveToOuterDisposeScope(), better.Loss, better.Gradient.MoveToOuterDisposeScope());
        }

        return new LogisticRegression(at.DetachFromDisposeScope(), Largest(gradient) <= Math.Sqrt(Tolerance));
    }

    /// <summary>The likeliest class of each item.</summary>
    public long[] Classify(Tensor items_ND)
    {
        using var scope = NewDisposeScope();
        return WithOnes(items_ND).matmul(_parameters_DK).argmax(1).data<long>().ToArray();
    }

    /// <summary>How much the second class's parameters exceed the first's; the bias last.</summary>
    internal double[] Difference()
    {
        using var scope = NewDisposeScope();
        return _parameters_DK.select(1, 1).sub(_parameters_DK.select(1, 0)).data<double>().ToArray();
    }

    public void Dispose() => _parameters_DK.Dispose();

    private static Tensor WithOnes(Tensor items_ND) => cat([items_ND, ones([items_ND.shape[0], 1], float64)], 1);

    /// <summary>The two loops of L-BFGS: minus the inverse curvature, as far as the last steps tell it, times the gradient.</summary>
    private static Tensor Direction(Tensor gradient, List<(Tensor Moved, Tensor Turned, double Product)> steps)
    {
        var direction = -gradient;
        var shares = new double[steps.Count];
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            shares[i] = Product(steps[i].Moved, direction) / steps[i].Product;
            direction -= steps[i].Turned * shares[i];
        }

        if (steps.Count > 0)
        {
            direction *= steps[^1].Product / Product(steps[^1].Turned, steps[^1].Turned);
        }

        for (var i = 0; i < steps.Count; i++)
        {
            direction += steps[i].Moved * (shares[i] - (Product(steps[i].Turned, direction) / steps[i].Product));
        }

        return direction;
    }

    /// <summary>Halves the step until the loss falls enough (Armijo); null where none is found.</summary>
    private static (Tensor At, double Loss, Tensor Gradient)? Search(Objective objective, Tensor at, double loss, Tensor gradient, Tensor direction)
    {
        var slope = Product(gradient, direction);
        var length = 1.0;
        for (var halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            var next = at + (direction * length);
            var (nextLoss, nextGradient) = objective.At(next);
            if (nextLoss <= loss + (SufficientDecrease * length * slope) && nextLoss < loss)
            {
                return (next, nextLoss, nextGradient);
            }

            next.Dispose();
            nextGradient.Dispose();
        }

        return null;
    }

    private static double Product(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        return (a * b).sum().item<double>();
    }

    private static double Largest(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        return gradient.abs().max().item<double>();
    }

    private sealed class Objective(Tensor items_ND, long[] classes_N, int classes, double penalty)
    {
        /// <summary>One in the column of the item's class, times the item's weight: together 1, and every class the same.</summary>
        private readonly Tensor _wanted_NK = Wanted(classes_N, classes);

        /// <summary>The last row holds the biases, which are free.</summary>
        private readonly Tensor _penalty_D1 = cat([full([items_ND.shape[1] - 1, 1], penalty, float64), zeros([1, 1], float64)], 0);

        public (double Loss, Tensor Gradient) At(Tensor parameters_DK)
        {
            using var scope = NewDisposeScope();
            var logProbability_NK = items_ND.matmul(parameters_DK).log_softmax(1);
            var excess_NK = (logProbability_NK.exp() * _wanted_NK.sum([1], keepdim: true)) - _wanted_NK;
            var pull_DK = parameters_DK * _penalty_D1;
            var loss = Product(pull_DK, parameters_DK) / 2 - Product(logProbability_NK, _wanted_NK);
            return (loss, (items_ND.t().matmul(excess_NK) + pull_DK).MoveToOuterDisposeScope());
        }

        private static Tensor Wanted(long[] classes_N, int classes)
        {
            var sizes = new double[classes];
            foreach (var item in classes_N)
            {
                sizes[item]++;
            }

            var wanted = new double[classes_N.Length * classes];
            for (var item = 0; item < classes_N.Length; item++)
            {
                wanted[(item * classes) + (int)classes_N[item]] = 1 / (classes * sizes[classes_N[item]]);
            }

            return tensor(wanted, [classes_N.Length, classes]);
        }
    }
}
