using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// How well a linear classifier reads the camera, or the modality, off frozen embeddings, after VKD's study of camera bias (spec §13.3). The authors' split is not
/// known; ours is: one half of the identities, drawn by the seed, trains, the other is tested on, and nobody is on both sides; distractors are left
/// out. Embeddings are standardised by the training half's mean and deviation. Every camera weighs the same in training and in the figure, so that a
/// camera with most of the items helps nobody.
/// </summary>
internal static class CameraProbe
{
    /// <summary>Of the L2 penalty, on standardised embeddings and a mean loss.</summary>
    private const double Penalty = 0.01;

    private const int FewestClasses = 2;

    /// <summary>Of a number's mean, or of the largest deviation. Below it there is nothing but the rounding of single precision.</summary>
    private const double SmallestDeviation = 1e-6;

    /// <returns>The figure, or why there is none; a figure may come with a warning, too.</returns>
    public static (CameraBias? Bias, string? Warning) Measure(EmbeddingSet embedded, IReadOnlyList<Camera> names, long seed, CancellationToken stop) =>
        Measure(embedded, new Question("camera", item => item.Camera, camera => names[camera].Name), seed, stop);

    /// <summary>The same of the modality: how far visible and infrared images of the same persons still differ.</summary>
    public static (ModalityBias? Bias, string? Warning) MeasureModality(EmbeddingSet embedded, IReadOnlyList<Camera> cameras, long seed, CancellationToken stop)
    {
        var question = new Question("modality", item => (int)cameras[item.Camera].Modality, modality => NameConverterFactory.NameOf((Modality)modality));
        var (bias, warning) = Measure(embedded, question, seed, stop);
        return (bias is null ? null : new ModalityBias(bias.TrainedOn, bias.TestedOn, bias.BalancedAccuracy), warning);
    }

    private static (CameraBias? Bias, string? Warning) Measure(EmbeddingSet embedded, Question question, long seed, CancellationToken stop)
    {
        var items = embedded.Sightings.Index().Where(item => item.Item.Identity != Tracklet.Distractor).ToList();
        var trained = TrainingIdentities(items.Select(item => item.Item.Identity), seed);
        int[] classes = [.. items.Select(item => question.ClassOf(item.Item)).Distinct().Order()];
        var train = items.Where(item => trained.Contains(item.Item.Identity)).ToList();
        var test = items.Where(item => !trained.Contains(item.Item.Identity)).ToList();
        if (classes.Length < FewestClasses)
        {
            return (null, $"{question.Word} bias is not measured: the queries and the gallery were seen by {classes.Length} {question.Word}, and telling them apart takes two");
        }

        foreach (var (part, seen) in new[] { ("trains", train), ("is tested on", test) })
        {
            if (classes.Except(seen.Select(item => question.ClassOf(item.Item))).ToList() is { Count: > 0 } missing)
            {
                return (null, $"{question.Word} bias is not measured: of the identities in the half that {part} nobody was seen by {question.Word} "
                    + $"{string.Join(", ", missing.Select(question.NameOf))}; another seed draws other halves");
            }
        }

        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (train_ND, test_ND) = (Rows(embedded, train), Rows(embedded, test));
        Standardise(train_ND, test_ND);
        long[] Classes(IEnumerable<(int Index, Sighting Item)> part) => [.. part.Select(item => (long)Array.IndexOf(classes, question.ClassOf(item.Item)))];
        using var classifier = LogisticRegression.Fit(train_ND, Classes(train), classes.Length, Penalty, stop);
        var accuracy = BalancedAccuracy(Classes(test), classifier.Classify(test_ND), classes.Length);
        return (
            new CameraBias(classes.Length, train.Count, test.Count, accuracy, 1.0 / classes.Length),
            classifier.Converged ? null : $"{question.Word} bias: its classifier had not settled after {LogisticRegression.MostSteps} steps, so the figure is rough");
    }

    /// <summary>The mean over classes of the fraction recognised.</summary>
    internal static double BalancedAccuracy(long[] actual, long[] said, int classes)
    {
        var (right, all) = (new double[classes], new double[classes]);
        foreach (var (is_, was) in actual.Zip(said))
        {
            all[is_]++;
            right[is_] += is_ == was ? 1 : 0;
        }

        return right.Zip(all, (hits, count) => hits / count).Average();
    }

    /// <summary>Half of the identities, the larger half where their number is odd.</summary>
    private static HashSet<int> TrainingIdentities(IEnumerable<int> identities, long seed)
    {
        int[] all = [.. identities.Distinct().Order()];
        var order = Seeding.Stream(seed, "camera-probe").Permutation(all.Length);
        return [.. order.Take((all.Length + 1) / 2).Select(place => all[place])];
    }

    private static Tensor Rows(EmbeddingSet embedded, List<(int Index, Sighting Item)> part) =>
        embedded.Embedding_ND.index_select(0, tensor(part.Select(item => (long)item.Index).ToArray())).to(float64);

    /// <summary>In place, since these are the largest tensors here.</summary>
    private static void Standardise(Tensor train_ND, Tensor test_ND)
    {
        using var scope = NewDisposeScope();
        var mean_1D = train_ND.mean([0], keepdim: true);
        train_ND.sub_(mean_1D);
        test_ND.sub_(mean_1D);
        var deviation_1D = train_ND.square().mean([0], keepdim: true).sqrt();

        // A number that is the same for all tells nothing: it stays near 0.
        var floor_1D = mean_1D.abs().maximum(deviation_1D.max()) * SmallestDeviation;
        var scale_1D = where(deviation_1D > floor_1D, deviation_1D, ones_like(deviation_1D));
        train_ND.div_(scale_1D);
        test_ND.div_(scale_1D);
    }

    /// <summary>What is read off an embedding.</summary>
    private sealed record Question(string Word, Func<Sighting, int> ClassOf, Func<int, string> NameOf);
}
