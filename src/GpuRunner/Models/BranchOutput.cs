using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// What one branch of a network of several views says of N images: its observation, the feature behind the neck and its scores of K identities, and its representation, the
/// Z numbers that an information bottleneck makes of the observation and theirs. Spec of MVD §1, §2.
/// </summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
internal sealed record BranchOutput(string Name, Tensor ObservationFeature_ND, Tensor ObservationLogits_NK, Tensor Z_NZ, Tensor RepresentationLogits_NK)
{
    public const string Visible = "visible";
    public const string Infrared = "infrared";
    public const string SharedColor = "shared-color";
    public const string SharedGrey = "shared-grey";

    /// <summary>How many tensors it has.</summary>
    public const int Count = 4;

    /// <summary>All branches in their order: the visible one sees the image, the infrared one its grey form, the shared one both.</summary>
    public static readonly IReadOnlyList<string> Names = [Visible, Infrared, SharedColor, SharedGrey];

    /// <summary>All of it in one order.</summary>
    public Tensor[] Tensors => [ObservationFeature_ND, ObservationLogits_NK, Z_NZ, RepresentationLogits_NK];

    /// <summary>From what <see cref="Tensors"/> gives.</summary>
    public static BranchOutput Of(string name, IReadOnlyList<Tensor?> tensors) => new(name, tensors[0]!, tensors[1]!, tensors[2]!, tensors[3]!);
}
