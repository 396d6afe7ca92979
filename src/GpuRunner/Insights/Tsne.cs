namespace ReidCloud.GpuRunner.Insights;

/// <summary>
/// t-SNE (van der Maaten and Hinton 2008), exact: points in a plane that have the neighbors they have in many dimensions. Momentum, gains and early
/// exaggeration are the paper's; the step follows Belkina et al. 2019. Started from given points and without any chance, so the same distances are the same picture.
/// </summary>
internal static class Tsne
{
    private const int Steps = 750;
    private const int EarlySteps = 250;
    private const double Exaggeration = 12;
    private const double EarlyMomentum = 0.5;
    private const double Momentum = 0.8;
    private const double SmallestGain = 0.01;
    private const double SmallestStep = 50;
    private const double StartDeviation = 1e-4;
    private const double Smallest = 1e-12;

    /// <param name="squared_NN">Squared distances, symmetric.</param>
    /// <param name="perplexity">About how many neighbors a point has; less than a third of the points.</param>
    /// <param name="start">Two coordinates for each point.</param>
    public static double[][] Embed(double[] squared_NN, int count, double perplexity, double[][] start, CancellationToken stop)
    {
        var near_NN = Affinities(squared_NN, count, perplexity);
        var at = Array.ConvertAll(start, Spread);
        double[][] moved = [new double[count], new double[count]], gains = Array.ConvertAll(moved, _ => Enumerable.Repeat(1.0, count).ToArray());
        var (kernel_NN, pull) = (new double[count * count], new double[][] { new double[count], new double[count] });
        var learningRate = Math.Max(SmallestStep, count / Exaggeration / 4);
        for (var step = 0; step < Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            Gradient(near_NN, at, step < EarlySteps ? Exaggeration : 1, kernel_NN, pull);
            var momentum = step < EarlySteps ? EarlyMomentum : Momentum;
            for (var axis = 0; axis < at.Length; axis++)
            {
                for (var i = 0; i < count; i++)
                {
                    var goesOn = pull[axis][i] > 0 != moved[axis][i] > 0;
                    gains[axis][i] = Math.Max(SmallestGain, goesOn ? gains[axis][i] + 0.2 : gains[axis][i] * 0.8);
                    moved[axis][i] = (momentum * moved[axis][i]) - (learningRate * gains[axis][i] * pull[axis][i]);
                    at[axis][i] += moved[axis][i];
                }
            }
        }

        return at;
    }

    /// <summary>How near each pair is, together 1: each point's neighbors by a Gaussian that is as wide as its perplexity asks, both ways together.</summary>
    private static double[] Affinities(double[] squared_NN, int count, double perplexity)
    {
        var near_NN = new double[squared_NN.Length];
        for (var i = 0; i < count; i++)
        {
            Neighbors(squared_NN.AsSpan(i * count, count), i, Math.Log(perplexity), near_NN.AsSpan(i * count, count));
        }

        var both_NN = new double[near_NN.Length];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                both_NN[(i * count) + j] = i == j ? 0 : Math.Max(Smallest, (near_NN[(i * count) + j] + near_NN[(j * count) + i]) / (2 * count));
            }
        }

        return both_NN;
    }

    /// <summary>Halves and doubles the width until the entropy is as asked.</summary>
    private static void Neighbors(ReadOnlySpan<double> squared, int self, double entropy, Span<double> near)
    {
        const int Tries = 100;
        const double Tolerance = 1e-6;
        var nearest = double.PositiveInfinity;
        for (var j = 0; j < squared.Length; j++)
        {
            nearest = j == self ? nearest : Math.Min(nearest, squared[j]);
        }

        var (beta, low, high) = (1.0, 0.0, double.PositiveInfinity);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var (sum, weighted) = (0.0, 0.0);
            for (var j = 0; j < squared.Length; j++)
            {
                // From the nearest on, which changes nothing and keeps one of them from vanishing.
                near[j] = j == self ? 0 : Math.Exp(-beta * (squared[j] - nearest));
                sum += near[j];
                weighted += near[j] * (squared[j] - nearest);
            }

            var excess = Math.Log(sum) + (beta * weighted / sum) - entropy;
            for (var j = 0; j < near.Length; j++)
            {
                near[j] /= sum;
            }

            if (Math.Abs(excess) < Tolerance)
            {
                return;
            }

            (low, high) = excess > 0 ? (beta, high) : (low, beta);
            beta = double.IsPositiveInfinity(high) ? beta * 2 : (low + high) / 2;
        }
    }

    private static void Gradient(double[] near_NN, double[][] at, double exaggeration, double[] kernel_NN, double[][] pull)
    {
        var (x, y, count, sum) = (at[0], at[1], at[0].Length, 0.0);
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                var (dx, dy) = (x[i] - x[j], y[i] - y[j]);
                var kernel = 1 / (1 + (dx * dx) + (dy * dy));
                kernel_NN[(i * count) + j] = kernel_NN[(j * count) + i] = kernel;
                sum += 2 * kernel;
            }
        }

        for (var i = 0; i < count; i++)
        {
            var (px, py) = (0.0, 0.0);
            for (var j = 0; j < count; j++)
            {
                var kernel = kernel_NN[(i * count) + j];
                var force = 4 * ((exaggeration * near_NN[(i * count) + j]) - (kernel / sum)) * kernel;
                px += force * (x[i] - x[j]);
                py += force * (y[i] - y[j]);
            }

            (pull[0][i], pull[1][i]) = (px, py);
        }
    }

    /// <summary>Very near each other, so that the start decides where things lie and not how near.</summary>
    private static double[] Spread(double[] start)
    {
        var deviation = Math.Sqrt(start.Sum(value => value * value) / start.Length);
        return deviation == 0 ? [.. start] : Array.ConvertAll(start, value => value / deviation * StartDeviation);
    }
}
