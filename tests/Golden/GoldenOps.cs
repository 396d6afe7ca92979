namespace ReidCloud.Tests.Golden;

/// <summary>Computes the outputs of a case with the product's own classes.</summary>
public delegate IReadOnlyDictionary<string, GoldenTensor> GoldenOp(GoldenCase given);

/// <summary>Which computation each op names. A case whose op is not on this page fails.</summary>
public static class GoldenOps
{
    private static readonly Dictionary<string, GoldenOp> ByName = new(StringComparer.Ordinal)
    {
        ["aligned.local_dist"] = AlignedDistanceOps.Local,
        ["aligned.loss.global"] = AlignedLossOps.Global,
        ["aligned.loss.id"] = AlignedLossOps.Identification,
        ["aligned.loss.local"] = AlignedLossOps.Local,
        ["aligned.loss.mutual_global"] = AlignedLossOps.MutualGlobal,
        ["aligned.loss.mutual_local"] = AlignedLossOps.MutualLocal,
        ["aligned.loss.mutual_probability"] = AlignedLossOps.MutualProbability,
        ["aligned.lr"] = AlignedScheduleOps.LearningRate,
        ["aligned.ml.steps"] = AlignedStepOps.Steps,
        ["aligned.model"] = AlignedModelOps.Model,
        ["cbn.distance"] = CameraNormOps.Distance,
        ["cbn.eval"] = CameraNormOps.Eval,
        ["cbn.evaluate"] = CameraNormOps.Evaluate,
        ["cbn.loss.ce"] = VkdLossOps.CrossEntropy,
        ["cbn.steps"] = CameraNormTrainingOps.Steps,
        ["cbn.train"] = CameraNormTrainingOps.Train,
        ["fill"] = GoldenFill.Run,
        ["imaging.decode"] = ImagingOps.Decode,
        ["imaging.resize"] = ImagingOps.Resize,
        ["imaging.normalise"] = ImagingOps.Normalize,
        ["metrics.cmc_map"] = RankingOps.CmcAndMap,
        ["metrics.roc"] = RankingOps.Roc,
        ["metrics.sysu"] = CrossModalityOps.Sysu,
        ["metrics.regdb"] = CrossModalityOps.RegDb,
        ["metrics.rerank"] = RetrievalOps.ReRank,
        ["metrics.query_expansion"] = RetrievalOps.Expand,
        ["metrics.distance"] = RetrievalOps.Distance,
        ["mvd.loss.ce"] = MvdLossOps.CrossEntropy,
        ["mvd.loss.rank"] = MvdLossOps.Rank,
        ["mvd.loss.cml"] = MvdLossOps.OptimalTransport,
        ["mvd.loss.vsd"] = MvdLossOps.SelfDistillation,
        ["mvd.loss.vcd"] = MvdLossOps.CrossDistillation,
        ["mvd.loss.total"] = MvdLossOps.Total,
        ["mvd.ms.loss.triplet"] = MvdLossOps.Triplet,
        ["mvd.ms.loss.center"] = MvdLossOps.CenterTriplet,
        ["mvd.ms.loss.total"] = MvdLossOps.MindSporeTotal,
        ["mvd.lr"] = MvdScheduleOps.LearningRate,
        ["mvd.vib"] = MvdModelOps.Bottleneck,
        ["mvd.cam"] = MvdModelOps.Attention,
        ["mvd.model"] = MvdModelOps.Pytorch,
        ["mvd.ms.model"] = MvdModelOps.Mindspore,
        ["mvd.test_features"] = MvdModelOps.TestFeatures,
        ["tensorboard"] = TensorBoardOps.Write,
        ["vkd.distance"] = EvaluationOps.Distance,
        ["vkd.evaluate"] = EvaluationOps.Evaluate,
        ["vkd.frames"] = EvaluationOps.Frames,
        ["vkd.protocol"] = EvaluationOps.Protocol,
        ["vkd.backbone.eval"] = VkdModelOps.Eval,
        ["vkd.backbone.train"] = VkdModelOps.Train,
        ["vkd.gradcam"] = VkdModelOps.GradCam,
        ["vkd.loss.triplet"] = VkdLossOps.Triplet,
        ["vkd.loss.smoothed_cce"] = VkdLossOps.CrossEntropy,
        ["vkd.loss.kd"] = VkdLossOps.LogitDistillation,
        ["vkd.loss.logits_matching"] = VkdLossOps.LogitMatching,
        ["vkd.loss.similarity"] = VkdLossOps.DistancePreservation,
        ["vkd.teacher.steps"] = VkdModelOps.TeacherSteps,
        ["vkd.student.steps"] = VkdModelOps.StudentSteps,
    };

    public static GoldenOp Find(string op) => ByName.TryGetValue(op, out var computation)
        ? computation
        : throw new NotSupportedException($"no computation is known for the golden op '{op}'; known are: {string.Join(", ", ByName.Keys.Order())}");
}
