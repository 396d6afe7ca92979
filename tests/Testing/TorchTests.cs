using TorchSharp;

namespace ReidCloud.Tests.Testing;

/// <summary>
/// For tests that touch tensors: a test that ends with more live tensors than it began with fails. It is judged by the count of its thread, on which it must
/// stay: other threads of the process make tensors, too.
/// </summary>
[Collection(TorchCollection.Name)]
public abstract class TorchTests : IDisposable
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly long _before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        Assert.True(_thread == Environment.CurrentManagedThreadId, "a test that tells whether it leaves tensors behind must not await: it ends on another thread");
        var leaked = DisposeScopeManager.Statistics.ThreadTotalLiveCount - _before;
        Assert.True(leaked <= 0, $"{leaked} tensors are still alive at the end of the test: dispose them, or open a dispose scope");
    }
}
