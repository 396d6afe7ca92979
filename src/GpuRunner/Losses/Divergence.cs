using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>How far the class scores of what learns are from those of what teaches, set by set. Spec of MVD §7.4.</summary>
internal static class Divergence
{
    /// <param name="teaching_BK">Logits that count as constant, as in the reference.</param>
    public static Tensor Of_B(DivergenceForm form, Tensor teaching_BK, Tensor learning_BK)
    {
        var known_BK = nn.functional.log_softmax(teaching_BK.detach(), 1);
        var said_BK = nn.functional.log_softmax(learning_BK, 1);
        return form switch
        {
            DivergenceForm.KullbackLeibler => (known_BK.exp() * (known_BK - said_BK)).sum(1),
            DivergenceForm.PublishedCode => (said_BK.exp() * (said_BK - known_BK.exp())).mean([1]),
        };
    }
}
