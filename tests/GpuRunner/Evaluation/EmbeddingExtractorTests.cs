using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Data;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

public sealed class EmbeddingExtractorTests : TorchTests
{
    /// <summary>What goes through the network at once is bounded, however many frames a tracklet is asked for.</summary>
    [Fact]
    public void An_item_of_many_frames_is_embedded_in_portions_and_comes_to_the_same()
    {
        var manifest = TinyManifest.Of(new Tracklet(Split.Gallery, 0, 0, 0, 2));
        using var model = ReidModel.Of(TinySpecs.Teacher.Model, 3);
        using (no_grad())
        {
            WeightInit.Draw(model, 1, "model");
        }

        var input = TinySpecs.Teacher.Input;
        using var frames = FrameCache.Create(
            2, input.Height * input.Width * 3, long.MaxValue, "", (frame, bytes) => Enumerable.Range(0, bytes.Length).Select(at => (byte)((at * (frame + 3)) % 251)).ToArray().CopyTo(bytes));
        var extractor = new EmbeddingExtractor(model, input, frames, manifest.Frames, CPU);
        var told = new List<int>();

        using var few = extractor.Extract(Items([0, 1]), _ => { }, CancellationToken.None);
        using var many = extractor.Extract(Items([.. Enumerable.Range(0, 130).Select(frame => frame % 2)]), told.Add, CancellationToken.None);

        Assert.True(allclose(few.Embedding_ND, many.Embedding_ND, 1e-4, 1e-5));
        using var one = extractor.Extract(Items([0]), _ => { }, CancellationToken.None);
        Assert.False(allclose(few.Embedding_ND, one.Embedding_ND, 1e-2, 1e-2));
        Assert.Equal([0, 0, 1, 1, 1, 2], told);
    }

    /// <summary>Frames 2 and 3 are 0 and 1 in a mirror.</summary>
    [Fact]
    public void Added_mirror_images_are_those_of_the_pictures_and_their_stripes_too()
    {
        var manifest = TinyManifest.Of(new Tracklet(Split.Gallery, 0, 0, 0, 4));
        using var model = ReidModel.Of(TinySpecs.Teacher.Model with { Local = new LocalBranchSpec(8) }, 3);
        using (no_grad())
        {
            WeightInit.Draw(model, 1, "model");
        }

        var input = TinySpecs.Teacher.Input;
        using var frames = FrameCache.Create(4, input.Height * input.Width * 3, long.MaxValue, "", (frame, bytes) =>
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                var (pixel, channel) = (at / 3, at % 3);
                var (row, column) = (pixel / input.Width, pixel % input.Width);
                bytes[at] = (byte)((((row * input.Width) + (frame < 2 ? column : input.Width - 1 - column)) * ((frame % 2) + 3) * (channel + 1)) % 251);
            }
        });
        EmbeddingExtractor Extractor(bool afterNeck, bool addMirrored) =>
            new(model, input, frames, manifest.Frames, CPU) { AfterNeck = afterNeck, AddMirrored = addMirrored, WithLocal = true };
        foreach (var afterNeck in new[] { false, true })
        {
            using var plain = Extractor(afterNeck, false).Extract(Items([0, 1]), _ => { }, CancellationToken.None);
            using var mirrored = Extractor(afterNeck, false).Extract(Items([2, 3]), _ => { }, CancellationToken.None);
            using var sum = Extractor(afterNeck, true).Extract(Items([0, 1]), _ => { }, CancellationToken.None);

            Assert.False(allclose(plain.Embedding_ND, mirrored.Embedding_ND, 1e-3, 1e-4));
            using var expected_ND = plain.Embedding_ND + mirrored.Embedding_ND;
            using var expected_NHC = plain.Local_NHC! + mirrored.Local_NHC!;
            Assert.True(allclose(expected_ND, sum.Embedding_ND, 1e-4, 1e-5));
            Assert.True(allclose(expected_NHC, sum.Local_NHC!, 1e-4, 1e-5));
        }
    }

    private static RetrievalItem[] Items(int[] frames) => [new(frames, new Sighting(0, 0)), new([.. frames.Reverse()], new Sighting(0, 1))];
}
