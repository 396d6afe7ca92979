using ReidCloud.Specs;

namespace ReidCloud.Reports.Page;

/// <summary>What the reported model and the one measured beside it are called: by their roles.</summary>
internal sealed record ModelTitles(string First, string Second)
{
    public static ModelTitles Of(RunSpec spec) => spec switch
    {
        TrainSpec { Method: ViewDistillationSpec } => new ModelTitles("student", "teacher"),
        TrainSpec { Method: MutualLearningSpec } => new ModelTitles(RetrievalTitle.OfPeer(1), "trained alone"),
        TrainSpec => new ModelTitles("model", "against"),
        _ => new ModelTitles("checkpoint", "against"),
    };

    /// <summary>`view-distillation, resnet18, on mars`.</summary>
    public static string Job(RunSpec spec) => spec switch
    {
        TrainSpec train => $"{SpecKinds.NameOf(train.Method)}, {NameConverterFactory.NameOf(train.Model.Backbone)}, on {spec.Dataset}",
        EvaluateSpec evaluate => $"evaluation of {evaluate.Checkpoint}{Beside(evaluate.Against)} on {spec.Dataset}",
        ExplainSpec explain => $"explanation of {explain.Checkpoint}{Beside(explain.Against)} on {spec.Dataset}",
        ExportSpec export => $"export of {export.Checkpoint}, checked on {spec.Dataset}",
        _ => $"{spec.GetType().Name} on {spec.Dataset}",
    };

    private static string Beside(CheckpointRef? against) => against is null ? "" : $" against {against}";
}
