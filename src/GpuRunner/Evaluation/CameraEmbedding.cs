using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Embeds items camera by camera: batch norms first gather the statistics of that camera's frames among these items, then its items are embedded with them (Zhuang et al. 2020; spec of CBN §4). It does not
/// matter whether the network was trained so, nor whether training saw that camera. Afterwards the model has its own statistics again, bit for bit.
/// </summary>
/// <param name="extractor">Embeds with the same model.</param>
internal sealed class CameraEmbedding(
    ReidModel model, EmbeddingExtractor extractor, CameraStatisticsSpec spec, InputSpec input, FrameCache frames, Device device)
{
    private readonly Normalization _normalization = new(input);

    /// <summary>Embeddings of items that all have the same number of frames, in their order, on the CPU.</summary>
    /// <param name="cameras">Of the same items.</param>
    /// <param name="kept">Of some of the cameras, the statistics are kept in it.</param>
    /// <param name="progress">Is told how many items and gathered frames are done after every batch.</param>
    /// <exception cref="BrokenModelException">They are no numbers.</exception>
    public EmbeddingSet Extract(
        IReadOnlyList<CameraBatches> cameras, IReadOnlyList<RetrievalItem> items, KeptStatistics? kept, Action<int> progress, CancellationToken stop)
    {
        if (items.Count == 0)
        {
            return extractor.Extract(items, progress, stop);
        }

        var training = model.training;
        using var own = NormStatistics.Of(model);
        EmbeddingSet? all = null;
        model.eval();
        try
        {
            var (seen, done) = (items.Index().ToLookup(item => item.Item.Sighting.Camera), 0);
            foreach (var camera in cameras)
            {
                var before = done;
                Gather(camera, gathered => progress(before + gathered), stop);
                kept?.Keep(camera.Camera, model);
                done += camera.Gathered;
                List<(int Index, RetrievalItem Item)> theirs = [.. seen[camera.Camera]];
                using var part = Embed(camera, [.. theirs.Select(item => item.Item)], embedded => progress(done + embedded), stop);
                all ??= Room(part, items);
                Put(part, theirs.Select(item => (long)item.Index), all);
                done += theirs.Count;
            }

            return all!;
        }
        catch
        {
            all?.Dispose();
            throw;
        }
        finally
        {
            own.PutInto(model);
            model.train(training);
        }
    }

    private EmbeddingSet Embed(CameraBatches camera, IReadOnlyList<RetrievalItem> items, Action<int> progress, CancellationToken stop)
    {
        try
        {
            return extractor.Extract(items, progress, stop);
        }
        catch (BrokenModelException fault) when (camera.Batches.Count == 0)
        {
            throw new BrokenModelException(
                $"with the mean 0 and the variance 1 of a camera that has {camera.Frames} frames and is left untouched, {fault.Message} Or ask for smallCameras 'one-batch', or a batchSize of at most {camera.Frames}", fault);
        }
    }

    private void Gather(CameraBatches camera, Action<int> progress, CancellationToken stop)
    {
        NormStatistics.Gather(model, Seen());

        IEnumerable<Tensor> Seen()
        {
            var done = 0;
            foreach (var (frames, images_NCHW) in camera.Batches.Zip(ComposedAhead.Of(camera.Batches.Count, batch => Compose(camera.Batches[batch]))))
            {
                stop.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                foreach (var seen_NCHW in Views(images_NCHW.to(device)))
                {
                    yield return seen_NCHW;
                }

                progress(done += frames.Length);
            }
        }
    }

    /// <summary>One image alone has no variance behind the pooling, so it goes together with its mirror image.</summary>
    private IEnumerable<Tensor> Views(Tensor images_NCHW) =>
        images_NCHW.shape[0] == 1 ? [cat([images_NCHW, images_NCHW.flip(-1)])] : spec.Mirrored ? [images_NCHW, images_NCHW.flip(-1)] : [images_NCHW];

    private Tensor Compose(int[] batch)
    {
        using var images_NVCHW = FrameTensor.Compose(batch.Length, 1, input, (item, _, frame_CHW) => _normalization.Apply(frames.Get(batch[item]), frame_CHW));
        return images_NVCHW.flatten(0, 1);
    }

    private static EmbeddingSet Room(EmbeddingSet like, IReadOnlyList<RetrievalItem> items) => new(
        zeros([items.Count, .. like.Embedding_ND.shape[1..]]).DetachFromDisposeScope(), [.. items.Select(item => item.Sighting)])
    {
        Local_NHC = like.Local_NHC is { } local ? zeros([items.Count, .. local.shape[1..]]).DetachFromDisposeScope() : null,
    };

    private static void Put(EmbeddingSet part, IEnumerable<long> places, EmbeddingSet all)
    {
        using var index = tensor(places.ToArray());
        all.Embedding_ND.index_copy_(0, index, part.Embedding_ND);
        if (all.Local_NHC is { } local)
        {
            local.index_copy_(0, index, part.Local_NHC!);
        }
    }
}
