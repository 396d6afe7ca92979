using System.Globalization;
using ReidCloud.Specs;

namespace ReidCloud.Reports;

/// <summary>On what terms a run's figures came about, as far as they are not the usual ones: what must be known before they stand beside others.</summary>
public static class MeasuringTerms
{
    /// <summary>In sentences, the gravest first.</summary>
    public static IReadOnlyList<string> Of(RunSpec spec) =>
    [
        .. EvaluationOf(spec)?.Protocol == RetrievalProtocol.CameraLess
            ? ["Measured by the camera-less protocol: every other image of an identity counts as a match, also one of the same camera at the same moment. That is easier; these figures are not comparable with cross-camera figures."]
            : Array.Empty<string>(),
        .. spec is TrainSpec { Validation: { } held }
            ? [string.Create(
                CultureInfo.InvariantCulture,
                $"Measured on {held.Identities} identities that were held back from the training split (seed {held.Seed}), not on the queries and the gallery of {spec.Dataset}: good for choosing, not comparable with published figures.")]
            : Array.Empty<string>(),
        .. EvaluationOf(spec)?.CameraStatistics is not null
            ? ["Measured with batch-norm statistics of each camera, gathered from the very images that are searched for and searched in, without their labels: such figures compare with others that came about likewise."]
            : Array.Empty<string>(),
    ];

    internal static EvaluationSpec? EvaluationOf(RunSpec spec) => spec switch
    {
        TrainSpec train => train.Evaluation,
        EvaluateSpec evaluate => evaluate.Evaluation,
        _ => null,
    };
}
