using ReidCloud.Cli.Api;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>By which protocol is measured where nobody said so: camera-less on data in which nothing is found across cameras, and that is said.</summary>
internal static class ChosenProtocol
{
    private const string Path = "evaluation.protocol";

    public static bool IsNamed(IEnumerable<string>? edits) => edits?.Any(edit => SpecEdits.Concerns(edit, Path)) == true;

    public static async Task<RunSpec> ForAsync(Shell shell, ReidClient client, RunSpec request, CancellationToken cancellationToken)
    {
        EvaluationSpec? asked = request switch { TrainSpec train => train.Evaluation, EvaluateSpec evaluate => evaluate.Evaluation, _ => null };
        if (asked is not { Protocol: RetrievalProtocol.CrossCamera } || await client.TryDatasetAsync(request.Dataset, cancellationToken) is not { Diagnosis: { } diagnosis })
        {
            return request;
        }

        var fitting = ProtocolRules.Fitting(asked, request.Dataset, diagnosis, request is TrainSpec { Validation: not null });
        if (fitting == asked)
        {
            return request;
        }

        shell.Terminal.Say(
            $"Data set {request.Dataset} {(diagnosis.HasCameras ? "has no match across cameras" : "does not say which camera saw what")}: measured by the protocol camera-less. Its figures do not compare with those of others; --set {Path}=… names another.");
        return request switch
        {
            TrainSpec train => train with { Evaluation = fitting },
            EvaluateSpec evaluate => evaluate with { Evaluation = fitting },
            _ => request,
        };
    }
}
