using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

[Collection(AloneCollection.Name)]
public sealed class ThreadsTests
{
    [Fact]
    public void Threads_can_be_counted_and_set()
    {
        var before = get_num_threads();
        set_num_threads(2);
        Assert.Equal(2, get_num_threads());
        set_num_threads(before);
        Assert.True(get_num_interop_threads() > 0);
        Assert.Matches(@"^\d+\.\d+", __version__);
        Assert.Equal(cuda.is_available(), cuda.device_count() > 0);
    }
}
