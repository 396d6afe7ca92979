using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>A loss that compares with each of the other peers, in the mean of them. What they say is constant. Spec of AlignedReID §4.</summary>
internal abstract class MutualLoss : Loss
{
    public sealed override Tensor Terms_B(LossInputs inputs)
    {
        if (inputs.Peers.Count == 0)
        {
            throw new ArgumentException("a mutual loss needs the outputs of other peers, and this method has none");
        }

        return stack([.. Terms(inputs)]).mean([0]);
    }

    /// <summary>For each other peer what each of the B sets contributes.</summary>
    protected abstract IEnumerable<Tensor> Terms(LossInputs inputs);

    /// <summary>Mean squared difference of two tables of distances, the diagonal included, by rows.</summary>
    protected static Tensor Difference_B(Tensor own_BB, Tensor other_BB) => (own_BB - other_BB).pow(2).mean([1]);
}
