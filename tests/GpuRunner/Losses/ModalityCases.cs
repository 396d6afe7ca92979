using ReidCloud.GpuRunner.Losses;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

/// <summary>The inputs to which spec of MVD §16 gives values, and what a network with branches might say.</summary>
internal static class ModalityCases
{
    /// <summary>Eight features of two identities, in turn visible and infrared.</summary>
    public static LossInputs CheckInputs() =>
        LossCases.Inputs(Rows(8, 5, (i, k) => Math.Sin((0.7 * i) + (1.3 * k))), [0, 0, 1, 1, 0, 0, 1, 1]) with { Infrared_B = arange(8).remainder(2).eq(1) };

    /// <summary>Logits of four sets and six classes.</summary>
    public static double[][] A { get; } = Rows(4, 6, (i, k) => Math.Cos(0.4 * i * k));

    public static double[][] B { get; } = Rows(4, 6, (i, k) => Math.Sin(0.3 * (i + 1) * k));

    /// <summary>Every output with logits, and a feature, of its own.</summary>
    public static LossBranches RandomBranches(int seed, int sets)
    {
        var seeds = seed * 100;
        return new LossBranches(Branch(), Branch(), Branch(), Branch());

        LossBranch Branch() => new(Output(), Output());

        LossOutput Output() => new(LossCases.Rows(LossCases.RandomRows(seeds++, sets, 3)), LossCases.Rows(LossCases.RandomRows(seeds++, sets, 4)));
    }

    /// <summary>Branches that all say the same, but of those that are named.</summary>
    public static LossInputs Saying(Func<LossBranches, LossBranches> change)
    {
        var same = Logits(A, A);
        return new LossInputs(zeros(4, 1), zeros(4, 1), zeros(4, dtype: int64)) { Branches = change(new LossBranches(same, same, same, same)) };
    }

    public static LossBranch Logits(double[][] observation, double[][] representation) => new(
        new LossOutput(zeros(observation.Length, 1), LossCases.Rows(observation)), new LossOutput(zeros(representation.Length, 1), LossCases.Rows(representation)));

    private static double[][] Rows(int rows, int columns, Func<int, int, double> value) =>
        [.. Enumerable.Range(1, rows).Select(i => Enumerable.Range(1, columns).Select(k => value(i, k)).ToArray())];
}
