using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Batches one after the other; while one is used the next is decoded.</summary>
internal static class ComposedAhead
{
    /// <param name="compose">Makes the batch of that number, on another thread. It is disposed when the next is asked for, or no more.</param>
    public static IEnumerable<Tensor> Of(int count, Func<int, Tensor> compose)
    {
        Task<Tensor>? next = null;
        try
        {
            next = Begin(0);
            for (var batch = 0; batch < count; batch++)
            {
                using var composed = next!.GetAwaiter().GetResult();
                next = Begin(batch + 1);
                yield return composed;
            }
        }
        finally
        {
            Abandon(next);
        }

        Task<Tensor>? Begin(int batch) => batch < count ? Task.Run(() => compose(batch)) : null;
    }

    private static void Abandon(Task<Tensor>? begun)
    {
        if (begun is not null)
        {
            Task.WhenAny(begun).Wait();
            if (begun.IsCompletedSuccessfully)
            {
                begun.Result.Dispose();
            }
        }
    }
}
