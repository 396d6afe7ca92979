using ReidCloud.Cli.Progress;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Cli.Offline;

/// <summary>Embeds images on this machine as an evaluation does: the same image, network and input give the same numbers.</summary>
internal static class LocalEmbedding
{
    public static Task<NamedEmbeddings> EmbedAsync(
        TrainedModel network, InputSpec input, ImageFiles images, Device device, Terminal terminal, CancellationToken cancellationToken) =>
        Bars.On(terminal).ShowAsync(async bars =>
        {
            var bar = bars.Add($"Embedding {images.Sources.Count} images");
            var pace = new Pace(images.Sources.Count);
            var embedded = await Task.Run(() => Embed(network, input, images, device, Show, cancellationToken), cancellationToken);
            bar.Finish($"{embedded.Dimensions} numbers each");
            return embedded;

            void Show(int done)
            {
                pace.Reached(done);
                bar.Show(pace.Fraction, pace.PerSecond is { } rate ? $"{Words.Number(rate)} images/s" : "", pace.Remaining);
            }
        });

    private static NamedEmbeddings Embed(TrainedModel network, InputSpec input, ImageFiles images, Device device, Action<int> progress, CancellationToken stop)
    {
        using var frames = new PassingFrames(image => FrameLoader.Prepare(images.Read(image), images.Sources[image].Name, input));
        network.Model.MoveTo(device);
        RetrievalItem[] items = [.. Enumerable.Range(0, images.Sources.Count).Select(image => new RetrievalItem([image], new Sighting(Tracklet.Distractor, 0)))];
        using var embedded = new EmbeddingExtractor(network.Model, input, frames, images.Sources, device).Extract(items, progress, stop);
        return new NamedEmbeddings([.. images.Sources.Select(image => image.Name)], network.Model.FeatureDim, embedded.Embedding_ND.data<float>().ToArray());
    }
}
