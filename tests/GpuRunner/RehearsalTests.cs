using ReidCloud.GpuRunner;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner;

public sealed class RehearsalTests : TorchTests
{
    /// <summary>Tensors that it left would be missed by the run that comes next; the base class counts them.</summary>
    [Fact]
    public void Comes_to_its_end_and_leaves_no_tensor_behind() => Rehearsal.Run(CPU);
}
