using ReidCloud.GpuRunner.Data;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>
/// Points in a plane from their squared distances, as a principal component analysis puts them (classical scaling, Torgerson 1952): the two leading
/// eigenvectors of the doubly centered matrix, by orthogonal iteration from a seeded start.
/// </summary>
internal static class PrincipalCoordinates
{
    private const int Steps = 300;

    /// <param name="squared_NN">Symmetric, zeros on the diagonal.</param>
    public static double[][] Of(double[] squared_NN, int count, RandomStream random)
    {
        var centered_NN = Centered(squared_NN, count);
        double[] first = Random(count, random), second = Random(count, random);
        for (var step = 0; step < Steps; step++)
        {
            first = Normalized(Product(centered_NN, first));
            second = Normalized(Without(Product(centered_NN, second), first));
        }

        return [Scaled(centered_NN, first), Scaled(centered_NN, second)];
    }

    private static double[] Centered(double[] squared_NN, int count)
    {
        var means = new double[count];
        for (var row = 0; row < count; row++)
        {
            means[row] = squared_NN.AsSpan(row * count, count).ToArray().Average();
        }

        var (mean, centered_NN) = (means.DefaultIfEmpty().Average(), new double[squared_NN.Length]);
        for (var at = 0; at < centered_NN.Length; at++)
        {
            centered_NN[at] = -(squared_NN[at] - means[at / count] - means[at % count] + mean) / 2;
        }

        return centered_NN;
    }

    /// <summary>Of the length that the points have along it, its largest number positive.</summary>
    private static double[] Scaled(double[] centered_NN, double[] vector)
    {
        var length = Math.Sqrt(Math.Max(0, Dot(Product(centered_NN, vector), vector)));
        var sign = vector.Length > 0 && vector.MaxBy(value => Math.Abs(value)) < 0 ? -1 : 1;
        return Array.ConvertAll(vector, value => sign * length * value);
    }

    private static double[] Random(int count, RandomStream random)
    {
        var vector = new double[count];
        for (var i = 0; i < count; i++)
        {
            vector[i] = random.NextGaussian();
        }

        return vector;
    }

    private static double[] Product(double[] matrix_NN, double[] vector)
    {
        var product = new double[vector.Length];
        for (var row = 0; row < vector.Length; row++)
        {
            product[row] = Dot(matrix_NN.AsSpan(row * vector.Length, vector.Length), vector);
        }

        return product;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static double[] Without(double[] vector, double[] direction)
    {
        var along = Dot(vector, direction);
        return [.. vector.Zip(direction, (value, part) => value - (along * part))];
    }

    /// <summary>Of length 1; one that has none stays as it is.</summary>
    private static double[] Normalized(double[] vector)
    {
        var length = Math.Sqrt(Dot(vector, vector));
        return length == 0 ? vector : Array.ConvertAll(vector, value => value / length);
    }
}
