using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>
/// Deep mutual learning (Zhang et al., CVPR 2018) as AlignedReID has it: in a step first all peers look at the same batch, then each has its losses, of which the
/// mutual ones compare with what the others said. Nobody has moved until all gradients are there. Spec of AlignedReID §4.
/// </summary>
internal sealed class MutualLearning : TrainingMethod
{
    private readonly Learner[] _peers;

    /// <param name="division">In which parts each peer sees a batch, on its one device.</param>
    public MutualLearning(MutualLearningSpec spec, IReadOnlyList<ReidModel> peers, BatchDivision? division = null) =>
        _peers = [.. peers.Select((peer, place) => new Learner(MutualLearningSpec.RoleOf(place + 1), peer, spec.Losses, division))];

    public override IReadOnlyList<Learner> Learners => _peers;

    public override string ResultRole => MutualLearningSpec.RoleOf(1);

    public override void MoveTo(Placement placement)
    {
        foreach (var (place, peer) in _peers.Index())
        {
            peer.MoveTo(placement.OfPeer(place));
        }
    }

    public override void BeginTraining()
    {
        foreach (var peer in _peers)
        {
            peer.Model.train();
        }
    }

    /// <summary>Each loss in the mean over the peers under its own name, and each peer's under the peer's.</summary>
    public override StepLosses Losses(Batch batch, int epoch, int step)
    {
        ModelOutput[] said = [.. _peers.Select(peer => peer.Call(batch with { Images_BVCHW = batch.Images_BVCHW.to(peer.Device) }))];
        StepLosses[] losses = [.. _peers.Select((peer, place) => peer.Losses.Of(
            new LossInputs(said[place].Embedding_BD, said[place].Logits_BK, batch.Labels_B.to(peer.Device))
            {
                Local_BHC = said[place].Local_BHC,
                Peers = [.. said.Where((_, other) => other != place).Select(other => Constant(other, peer.Device))],
            }))];
        var objective = Stacked(losses.Select(loss => loss.Objective)).sum();
        return new StepLosses(
            [
                .. losses[0].Terms.Select((term, i) => (term.Name, Stacked(losses.Select(loss => loss.Terms[i].Value)).mean())),
                .. _peers.Zip(losses).SelectMany(pair => pair.Second.Terms.Append(("total", pair.Second.Total)), (pair, term) => ($"{pair.First.Role}/{term.Item1}", At(term.Item2))),
            ],
            objective / _peers.Length)
        {
            Objective = objective,
        };
    }

    private static PeerOutput Constant(ModelOutput said, Device device) =>
        new(said.Embedding_BD.detach().to(device), said.Logits_BK.detach().to(device), said.Local_BHC?.detach().to(device));

    /// <summary>One number of each peer, where the first peer is.</summary>
    private Tensor Stacked(IEnumerable<Tensor> values) => stack([.. values.Select(At)]);

    private Tensor At(Tensor value) => value.to(_peers[0].Device);
}
