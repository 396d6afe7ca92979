using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Testing;

/// <summary>
/// For tests that touch tensors: a test that ends with more live tensors than it began with fails. A test that stays on its thread is judged by the
/// thread's own count; one that hops by the process's, which counts a module's parameters twice (a Parameter takes over its tensor, and both stay counted).
/// </summary>
[Collection(TorchCollection.Name)]
public abstract class TorchTests : IDisposable
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly long _onThread = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
    private readonly long _inProcess = Tensor.TotalCount;

    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        var leaked = Environment.CurrentManagedThreadId == _thread
            ? DisposeScopeManager.Statistics.ThreadTotalLiveCount - _onThread
            : Tensor.TotalCount - _inProcess;
        Assert.True(leaked <= 0, $"{leaked} tensors are still alive at the end of the test: dispose them, or open a dispose scope");
    }
}
