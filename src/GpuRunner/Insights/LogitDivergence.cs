using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>KL(teacher ‖ student) of two classifiers of the same classes at temperature 1, in nats, mean over items. The logits come from embeddings: nothing is embedded again.</summary>
internal static class LogitDivergence
{
    private const int ItemsPerBatch = 1024;

    /// <summary>Null where it is no finite number, there are no items, or of a model whose classifier does not take embeddings. Both models must be in evaluation mode.</summary>
    /// <param name="spec">How both were embedded. With a neck behind the embedding no camera may have had statistics of its own.</param>
    public static double? Measure(
        ReidModel student, IReadOnlyList<EmbeddingSet> studentSets, ReidModel teacher, IReadOnlyList<EmbeddingSet> teacherSets, EvaluationSpec spec, Device device)
    {
        using var frozen = no_grad();
        var (sum, items) = (0.0, 0L);
        foreach (var (own, others) in studentSets.Zip(teacherSets))
        {
            for (long first = 0, all = own.Embedding_ND.shape[0]; first < all; first += ItemsPerBatch)
            {
                using var scope = NewDisposeScope();
                var count = Math.Min(ItemsPerBatch, all - first);
                if (LogProbability(student, own.Embedding_ND.narrow(0, first, count), spec, device) is not { } student_BK
                    || LogProbability(teacher, others.Embedding_ND.narrow(0, first, count), spec, device) is not { } teacher_BK)
                {
                    return null;
                }

                sum += (teacher_BK.exp() * (teacher_BK - student_BK)).sum().item<double>();
                items += count;
            }
        }

        return items > 0 && double.IsFinite(sum) ? sum / items : null;
    }

    /// <summary>Of an image and its mirror image as of two views: their mean.</summary>
    private static Tensor? LogProbability(ReidModel model, Tensor embedding_BD, EvaluationSpec spec, Device device) =>
        model.LogitsOf(embedding_BD.to(device) * (spec.AddMirrored ? 0.5 : 1), spec.AfterNeck)?.cpu().to(float64).log_softmax(1);
}
