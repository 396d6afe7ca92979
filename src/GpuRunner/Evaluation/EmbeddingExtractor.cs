using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Embeds items with a model in evaluation mode. While one batch goes through the network the next is decoded. The model is left in the mode it was
/// in. Same model, same frames, same machine: same bits.
/// </summary>
internal sealed class EmbeddingExtractor(ReidModel model, InputSpec input, FrameCache frames, Device device)
{
    private const int FramesPerBatch = 64;

    /// <summary>Embeddings of items that all have the same number of frames, in their order, on the CPU.</summary>
    /// <param name="progress">Is told how many items are done after every batch.</param>
    /// <exception cref="EmbeddingException">They are no numbers.</exception>
    public EmbeddingSet Extract(IReadOnlyList<RetrievalItem> items, Action<int> progress, CancellationToken stop)
    {
        var training = model.training;
        using var frozen = no_grad();
        model.eval();
        try
        {
            return new EmbeddingSet(Embed(items, progress, stop), [.. items.Select(item => item.Sighting)]);
        }
        finally
        {
            model.train(training);
        }
    }

    private Tensor Embed(IReadOnlyList<RetrievalItem> items, Action<int> progress, CancellationToken stop)
    {
        var embedding_ND = zeros([items.Count, model.FeatureDim]).DetachFromDisposeScope();
        var perBatch = items.Count == 0 ? 1 : Math.Max(1, FramesPerBatch / items[0].Frames.Length);
        var batches = items.Chunk(perBatch).ToList();
        Task<Tensor>? next = null;
        try
        {
            var done = 0;
            next = Begin(batches, 0);
            for (var batch = 0; batch < batches.Count; batch++)
            {
                stop.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                using var images_BVCHW = next!.GetAwaiter().GetResult();
                next = Begin(batches, batch + 1);
                var output = model.call(images_BVCHW.to(device));
                embedding_ND.narrow(0, done, batches[batch].Length).copy_(output.Embedding_BD);
                done += batches[batch].Length;
                progress(done);
            }

            RequireNumbers(embedding_ND);
            return embedding_ND;
        }
        catch
        {
            embedding_ND.Dispose();
            Abandon(next);
            throw;
        }
    }

    private Task<Tensor>? Begin(List<RetrievalItem[]> batches, int batch) =>
        batch < batches.Count ? Task.Run(() => Compose(batches[batch])) : null;

    private Tensor Compose(RetrievalItem[] batch) =>
        FrameTensor.Compose(batch.Length, batch[0].Frames.Length, input, (item, view, frame_CHW) =>
            Normalization.Apply(frames.Get(batch[item].Frames[view]), frame_CHW));

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

    private static void RequireNumbers(Tensor embedding_ND)
    {
        using var scope = NewDisposeScope();
        if (!embedding_ND.isfinite().all().item<bool>())
        {
            throw new EmbeddingException(
                "the model's embeddings are not all finite numbers: its weights are broken, most likely because training diverged. Lower the learning rate.");
        }
    }
}
