using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>
/// The thread that computes on one of several devices, one thing after the other. Dispose scopes, gradient modes and libtorch's team of threads belong to a thread, so a
/// device keeps its own from the first step to the last.
/// </summary>
internal sealed class ReplicaThread : IDisposable
{
    private readonly BlockingCollection<Task> _work = [];
    private readonly Thread _thread;

    public ReplicaThread(string name)
    {
        _thread = new Thread(Work) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>
    /// Begins to compute tensors there, with gradients where the caller wants them. Nothing else that <paramref name="compute"/> made outlives it; the tensors themselves
    /// belong to no scope until <see cref="Join"/> gives them to the caller's.
    /// </summary>
    public Task<IReadOnlyList<Tensor?>> Begin(Func<IReadOnlyList<Tensor?>> compute)
    {
        var withGradients = is_grad_enabled();
        var task = new Task<IReadOnlyList<Tensor?>>(() =>
        {
            using var scope = NewDisposeScope();
            using var mode = set_grad_enabled(withGradients);
            var made = compute();
            scope.Detach(made.OfType<Tensor>());
            return made;
        });
        _work.Add(task);
        return task;
    }

    /// <summary>Waits for all, also when one of them failed: then what the others made is disposed with the caller's scope, and the first fault is thrown as it was.</summary>
    public static IReadOnlyList<Tensor?>[] Join(IReadOnlyList<Task<IReadOnlyList<Tensor?>>> begun)
    {
        Task.WhenAny(Task.WhenAll(begun)).Wait();
        var scope = CurrentDisposeScope ?? throw new InvalidOperationException("tensors of other threads need a dispose scope that they go to");
        foreach (var done in begun.Where(task => task.IsCompletedSuccessfully))
        {
            scope.Attach(done.Result.OfType<Tensor>());
        }

        return [.. begun.Select(task => task.GetAwaiter().GetResult())];
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    /// <summary>A task keeps its own fault for who waits for it.</summary>
    private void Work()
    {
        foreach (var task in _work.GetConsumingEnumerable())
        {
            task.RunSynchronously(TaskScheduler.Default);
        }
    }
}
