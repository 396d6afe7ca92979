using ReidCloud.Datasets;

namespace ReidCloud.Specs;

/// <summary>
/// Whether a protocol finds anything in a data set, by its counts and so before a GPU is taken: matches across cameras there are none where cameras are not known, or
/// each identity was seen by one of them. The tools of the field train through the night and report zeros: fast-reid issues 173 and 285, deep-person-reid issues 207, 348, 497.
/// </summary>
public static class ProtocolRules
{
    private const string Path = "$.evaluation.protocol";
    private const string Visible = "visible";
    private const string Infrared = "infrared";

    /// <summary>Why nothing would be found, and what to ask for instead; null where something is, or where there are no queries, or nobody counted.</summary>
    /// <param name="validation">Queries and gallery are made of training identities.</param>
    public static SpecError? Fault(EvaluationSpec evaluation, string dataset, ManifestDiagnosis diagnosis, bool validation = false)
    {
        if (diagnosis.Matches is not { } matches || (!validation && (matches.Queries == 0 || diagnosis.Gallery.Tracklets == 0)))
        {
            return null;
        }

        if (!validation && matches.SameIdentity == 0 && !(evaluation.GalleryIncludesQueries && matches.AcrossCamerasJoined > 0) && evaluation.Protocol != RetrievalProtocol.Atrw)
        {
            return new SpecError(
                "$.dataset",
                $"none of the {matches.Queries} queries of data set '{dataset}' has a match in its gallery of {diagnosis.Gallery.Tracklets}, so all figures would be 0: look at the identities of its query and gallery splits");
        }

        if (evaluation.Protocol.IsAcrossModalities())
        {
            return AcrossModalities(evaluation.Protocol, dataset, diagnosis);
        }

        if (evaluation.Protocol != RetrievalProtocol.CrossCamera || IsFoundAcrossCameras(evaluation, diagnosis, matches, validation))
        {
            return null;
        }

        var cause = !diagnosis.HasCameras ? $"data set '{dataset}' does not say which camera saw what"
            : validation ? $"no training identity of data set '{dataset}' was seen by several cameras"
            : $"none of the {matches.Queries} queries of data set '{dataset}' has a match in its gallery of {diagnosis.Gallery.Tracklets} that was seen by another camera";
        var cameras = diagnosis.HasCameras ? "look at the cameras of the data set" : "commit it anew with a column camera";
        return new SpecError(Path, $"cross-camera finds nothing, so all figures would be 0: {cause}. Use camera-less (`--set evaluation.protocol=camera-less`), or {cameras}");
    }

    /// <summary>What is measured camera by camera needs to know which camera saw what; null where nothing of that is asked for, or it is known.</summary>
    public static SpecError? UnknownCameras(EvaluationSpec evaluation, string dataset, bool hasCameras) => evaluation.CameraStatistics is null || hasCameras
        ? null
        : new SpecError(
            EvaluationRules.CameraStatisticsPath,
            $"needs to know which camera saw what, which data set '{dataset}' does not say: leave it out, or commit the data set anew with a column camera");

    /// <summary>The same for a data set in which only the camera-less protocol finds anything: for whoever has not said by which protocol.</summary>
    public static EvaluationSpec Fitting(EvaluationSpec evaluation, string dataset, ManifestDiagnosis? diagnosis, bool validation = false) =>
        diagnosis is not null && Fault(evaluation, dataset, diagnosis, validation) is { Path: Path } ? evaluation with { Protocol = RetrievalProtocol.CameraLess } : evaluation;

    private static SpecError? AcrossModalities(RetrievalProtocol protocol, string dataset, ManifestDiagnosis diagnosis)
    {
        var (query, gallery) = (SeenBy(diagnosis.QueryImage ?? diagnosis.Query), SeenBy(diagnosis.Gallery));
        return protocol switch
        {
            RetrievalProtocol.SysuMm01 when (query, gallery) != (Infrared, Visible) => Fault("infrared queries and a visible gallery"),
            RetrievalProtocol.CrossModality when (query, gallery) is not ((Infrared, Visible) or (Visible, Infrared)) => Fault("queries of one modality and a gallery of the other"),
            _ => null,
        };

        SpecError Fault(string needed) => new(
            Path,
            $"{NameConverterFactory.NameOf(protocol)} needs {needed}; of data set '{dataset}' the queries were seen by {query} cameras, the gallery by {gallery}: use cross-camera, or a data set of layout sysu-mm01 or regdb");
    }

    private static string SeenBy(SplitCounts split) => split.Modality is not { } modality ? Visible : modality == SplitModality.Infrared ? Infrared : "visible and infrared";

    private static bool IsFoundAcrossCameras(EvaluationSpec evaluation, ManifestDiagnosis diagnosis, MatchCounts matches, bool validation) =>
        diagnosis.HasCameras && (validation ? matches.TrainedAcrossCameras : evaluation.GalleryIncludesQueries ? matches.AcrossCamerasJoined : matches.AcrossCameras) > 0;
}
