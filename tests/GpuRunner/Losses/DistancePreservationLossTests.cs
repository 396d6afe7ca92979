using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class DistancePreservationLossTests : TorchTests
{
    /// <summary>Worked by hand: spec of VKD §4.6.</summary>
    [Fact]
    public void Gives_the_published_check_value()
    {
        using var scope = NewDisposeScope();
        var inputs = LossCases.Inputs([[0], [2], [3], [4]], [0, 0, 1, 1]) with { TeacherEmbedding_BD = LossCases.Rows([[0], [1], [3], [5]]) };

        Assert.Equal(15.75, new DistancePreservationLoss(new DistancePreservationSpec()).Of(inputs).item<double>(), 1e-9);
    }

    [Theory]
    [InlineData(DistancePenalty.L2)]
    [InlineData(DistancePenalty.L1)]
    [InlineData(DistancePenalty.Huber)]
    public void Equals_slow_loops_across_embeddings_of_different_size(DistancePenalty penalty)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var scope = NewDisposeScope();
            var (student, teacher) = (LossCases.RandomRows(seed, 5, 2), LossCases.RandomRows(seed + 1000, 5, 3));
            var inputs = LossCases.Inputs(student, [0, 0, 0, 0, 0]) with { TeacherEmbedding_BD = LossCases.Rows(teacher) };

            var value = new DistancePreservationLoss(new DistancePreservationSpec { Penalty = penalty }).Of(inputs).item<double>();

            var expected = 0.5 * Enumerable.Range(0, 25).Average(pair => Penalty(Square(student, pair) - Square(teacher, pair), penalty));
            Assert.Equal(expected, value, 1e-9);
        }
    }

    private static double Square(double[][] rows, int pair) => rows[pair / 5].Zip(rows[pair % 5], (a, b) => (a - b) * (a - b)).Sum();

    private static double Penalty(double difference, DistancePenalty penalty) => (penalty, Math.Abs(difference)) switch
    {
        (DistancePenalty.L2, var d) => d * d,
        (DistancePenalty.L1, var d) => d,
        (_, < 1 and var d) => 0.5 * d * d,
        (_, var d) => d - 0.5,
    };
}
