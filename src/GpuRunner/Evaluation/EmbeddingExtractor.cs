using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Embeds items with a model in evaluation mode. While one batch goes through the network the next is decoded. The model is left in the mode it was
/// in. Same model, same frames, same machine: same bits.
/// </summary>
/// <param name="sources">Where the frames come from: their names.</param>
internal sealed class EmbeddingExtractor(ReidModel model, InputSpec input, FrameCache frames, IReadOnlyList<FrameSource> sources, Device device)
{
    private const int FramesPerBatch = 64;

    private readonly Normalization _normalization = new(input);

    /// <summary>Embeddings are what the neck makes of the feature, not the feature itself.</summary>
    public bool AfterNeck { get; init; }

    /// <summary>An embedding is the sum of the image's and of its mirror image's, and so are stripes.</summary>
    public bool AddMirrored { get; init; }

    /// <summary>Stripes beside the embeddings, which the model must have.</summary>
    public bool WithLocal { get; init; }

    /// <summary>Embeddings of items that all have the same number of frames, in their order, on the CPU.</summary>
    /// <param name="progress">Is told how many items are done after every batch.</param>
    /// <exception cref="BrokenModelException">They are no numbers.</exception>
    public EmbeddingSet Extract(IReadOnlyList<RetrievalItem> items, Action<int> progress, CancellationToken stop)
    {
        var training = model.training;
        using var frozen = no_grad();
        model.eval();
        try
        {
            var (embedding_ND, local_NHC) = Embed(items, progress, stop);
            return new EmbeddingSet(embedding_ND, [.. items.Select(item => item.Sighting)]) { Local_NHC = local_NHC };
        }
        finally
        {
            model.train(training);
        }
    }

    private (Tensor Embedding_ND, Tensor? Local_NHC) Embed(IReadOnlyList<RetrievalItem> items, Action<int> progress, CancellationToken stop)
    {
        var embedding_ND = zeros([items.Count, model.FeatureDim]).DetachFromDisposeScope();
        var local_NHC = WithLocal && items.Count == 0 ? zeros([0, 1, model.Spec.Local!.Channels]).DetachFromDisposeScope() : null;
        var portions = Portions(items);
        try
        {
            foreach (var (portion, images_BVCHW) in portions.Zip(ComposedAhead.Of(portions.Count, portion => Compose(portions[portion]))))
            {
                stop.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var (embedding_BD, local_BHC) = Embed(images_BVCHW.to(device));
                embedding_ND.narrow(0, portion.First, portion.Items.Length).add_(embedding_BD.cpu() * portion.Share);
                if (local_BHC is not null)
                {
                    local_NHC ??= zeros([items.Count, local_BHC.shape[1], local_BHC.shape[2]]).DetachFromDisposeScope();
                    local_NHC.narrow(0, portion.First, portion.Items.Length).add_(local_BHC.cpu() * portion.Share);
                }

                progress(portion.Done);
            }

            RequireNumbers(embedding_ND, items);
            if (local_NHC is not null)
            {
                RequireNumbers(local_NHC, items);
            }

            return (embedding_ND, local_NHC);
        }
        catch
        {
            embedding_ND.Dispose();
            local_NHC?.Dispose();
            throw;
        }
    }

    private (Tensor Embedding_BD, Tensor? Local_BHC) Embed(Tensor images_BVCHW)
    {
        var (embedding_BD, local_BHC) = EmbedAsIs(images_BVCHW);
        if (!AddMirrored)
        {
            return (embedding_BD, local_BHC);
        }

        var (mirrored_BD, mirrored_BHC) = EmbedAsIs(images_BVCHW.flip(-1));
        return (embedding_BD + mirrored_BD, local_BHC is null ? null : local_BHC + mirrored_BHC!);
    }

    private (Tensor Embedding_BD, Tensor? Local_BHC) EmbedAsIs(Tensor images_BVCHW)
    {
        var output = model.call(images_BVCHW);
        return (AfterNeck ? output.Neck_ND.view(images_BVCHW.shape[0], -1, model.FeatureDim).mean([1]) : output.Embedding_BD, WithLocal ? output.Local_BHC! : null);
    }

    /// <summary>Some items with all their frames, or one item with some of more frames than go through the network at once.</summary>
    private static List<Portion> Portions(IReadOnlyList<RetrievalItem> items)
    {
        var frames = items.Count == 0 ? 1 : items[0].Frames.Length;
        var together = Math.Max(1, FramesPerBatch / frames);
        return
        [
            .. items.Chunk(together).SelectMany((some, batch) => Enumerable.Range(0, frames).Chunk(FramesPerBatch).Select(views =>
                new Portion(some, batch * together, views[0], views.Length))),
        ];
    }

    private Tensor Compose(Portion portion) =>
        FrameTensor.Compose(portion.Items.Length, portion.Views, input, (item, view, frame_CHW) =>
            _normalization.Apply(frames.Get(portion.Items[item].Frames[portion.FirstView + view]), frame_CHW));

    /// <summary>Numbers whose squares have a finite sum, so that they have a length.</summary>
    private void RequireNumbers(Tensor feature_ND, IReadOnlyList<RetrievalItem> items)
    {
        using var scope = NewDisposeScope();
        var isNumber_N = feature_ND.flatten(1).square().sum([1]).isfinite();
        if (!isNumber_N.all().item<bool>())
        {
            int[] broken = [.. isNumber_N.data<bool>().ToArray().Index().Where(item => !item.Item).Select(item => item.Index)];
            throw new BrokenModelException(
                $"the model's embeddings of {broken.Length} of {items.Count} items are not finite numbers, the first that of frame '{sources[items[broken[0]].Frames[0]].Name}': "
                + "its weights are broken, most likely because training diverged. Lower the learning rate.");
        }
    }

    /// <param name="First">The first item's place among all.</param>
    private sealed record Portion(RetrievalItem[] Items, int First, int FirstView, int Views)
    {
        private int AllViews => Items[0].Frames.Length;

        /// <summary>Of the portion's mean in the mean over all frames.</summary>
        public double Share => (double)Views / AllViews;

        /// <summary>How many items are whole with it.</summary>
        public int Done => First + (FirstView + Views == AllViews ? Items.Length : 0);
    }
}
