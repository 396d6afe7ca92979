using System.Runtime.InteropServices;
using ReidCloud.GpuRunner.Models;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Export;

/// <summary>
/// Whether ONNX Runtime computes from a file what the model computes: embeddings of the same images, one by one, by seven and by 64 at a time, as vectors of length 1. Exporters
/// that went wrong did so at other batch sizes than 1 (deep-person-reid issue 585).
/// </summary>
internal static class EmbeddingCheck
{
    /// <summary>As many images as the largest batch has.</summary>
    public const int Images = 64;

    /// <summary>Of one number of a vector of length 1. Two orders of summation in single precision differ by some 1e-6.</summary>
    public const double Tolerance = 1e-4;

    private static readonly int[] Batches = [1, 7, Images];

    /// <summary>The largest difference at each batch size.</summary>
    /// <param name="model">On the CPU, in evaluation mode: GPUs round products of single precision more coarsely.</param>
    /// <param name="afterNeck">Whether the file embeds with what the neck makes of the feature.</param>
    /// <param name="images_NCHW">Normalised, at least <see cref="Images"/> of them.</param>
    /// <exception cref="ExportException">It differs by more than the tolerance.</exception>
    /// <exception cref="BrokenModelException">The model's own embeddings are no numbers.</exception>
    public static IReadOnlyList<EmbeddingDifference> Require(string file, ReidModel model, bool afterNeck, Tensor images_NCHW, OnnxRuntime runtime, CancellationToken stop)
    {
        var ours = Embed(model, afterNeck, images_NCHW);
        if (!ours.All(float.IsFinite))
        {
            throw new BrokenModelException("the model's embeddings are not all finite numbers: its weights are broken, most likely because training diverged");
        }

        var images = MemoryMarshal.Cast<byte, float>(images_NCHW.bytes).ToArray();
        var (dimension, threads) = (model.FeatureDim, get_num_threads());
        var differences = new List<EmbeddingDifference>();
        foreach (var batch in Batches)
        {
            var theirs = runtime.Embed(file, images, [batch, .. images_NCHW.shape[1..]], threads, stop);
            differences.Add(new EmbeddingDifference(batch, Largest(ours, theirs, batch, dimension)));
        }

        return differences.FirstOrDefault(difference => !(difference.Largest <= Tolerance)) is { } wrong
            ? throw new ExportException(FormattableString.Invariant(
                $"at batch {wrong.Batch} embeddings in ONNX Runtime {runtime.Version} differ by {wrong.Largest:G3} from the model's, at most {Tolerance:G1} is allowed, so nothing is published"))
            : differences;
    }

    private static float[] Embed(ReidModel model, bool afterNeck, Tensor images_NCHW)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var output = model.call(images_NCHW);
        return (afterNeck ? output.Neck_ND : output.Embedding_BD).data<float>().ToArray();
    }

    private static double Largest(float[] ours, float[] theirs, int batch, int dimension)
    {
        if (theirs.Length != batch * dimension)
        {
            return double.PositiveInfinity;
        }

        var largest = 0.0;
        for (var image = 0; image < batch; image++)
        {
            var a = ours.AsSpan(image * dimension, dimension);
            var b = theirs.AsSpan(image * dimension, dimension);
            var (lengthA, lengthB) = (Length(a), Length(b));
            for (var i = 0; i < dimension; i++)
            {
                // NaN, of which no comparison is true, is carried on.
                largest = Math.Max(largest, Math.Abs((a[i] / lengthA) - (b[i] / lengthB)));
            }
        }

        return largest;
    }

    private static double Length(ReadOnlySpan<float> vector)
    {
        var sum = 0.0;
        foreach (var value in vector)
        {
            sum += (double)value * value;
        }

        return Math.Max(Math.Sqrt(sum), double.Epsilon);
    }
}

/// <summary>How far embeddings of so many images at a time are apart.</summary>
internal sealed record EmbeddingDifference(int Batch, double Largest);
