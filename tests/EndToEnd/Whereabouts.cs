using System.Text.RegularExpressions;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>
/// Where a runner is with its run, as far as can be told from outside: by what it asks of the storage and what it says. It does not say when it begins with the
/// first step.
/// </summary>
internal sealed partial class Whereabouts(RunSpec spec)
{
    public const string Starting = "starting";
    public const string Loading = "loading, first steps";
    public const string Steps = "steps";
    public const string Evaluation = "evaluation";
    public const string Upload = "checkpoint upload";
    public const string Publishing = "publishing it";
    public const string Files = "files";
    public const string Report = "report";
    public const string End = "last status";

    private readonly TrainSpec? _training = spec as TrainSpec;
    private volatile string _now = Starting;
    private int _epoch;

    public static IReadOnlyList<string> All { get; } = [Starting, Loading, Steps, Evaluation, Upload, Publishing, Files, Report, End];

    public string Now => _now;

    /// <summary>What the runner says.</summary>
    public void Hear(string line)
    {
        if (_training is not null && Epoch().Match(line) is { Success: true } match)
        {
            _epoch = int.Parse(match.Groups[1].Value);
            var every = _training.Evaluation.EveryEpochs;
            _now = every > 0 && _epoch % every == 0 && _epoch < _training.Epochs ? Evaluation : Upload;
        }
    }

    public void Comes(StorageRequest request) => _now = request switch
    {
        { LeaseAction: "acquire" } => Loading,
        { Method: "PUT" } when IsCheckpoint(request) => Upload,
        { Method: "PUT" } when request.Blob.Contains("/files/", StringComparison.Ordinal) => Files,
        { Publishes: true } when request.Blob.EndsWith("/report.json", StringComparison.Ordinal) => Report,
        _ => _now,
    };

    /// <summary>The storage has done it.</summary>
    public void Done(StorageRequest request) => _now = request switch
    {
        { Publishes: true } when IsCheckpoint(request) => Publishing,
        { Publishes: true } when request.Blob.EndsWith("/status.json", StringComparison.Ordinal) && _now == Publishing => _epoch == _training?.Epochs ? Evaluation : Steps,
        { Publishes: true } when request.Blob.EndsWith("/report.json", StringComparison.Ordinal) => End,
        _ => _now,
    };

    private bool IsCheckpoint(StorageRequest request) => _training is not null && request.Blob.EndsWith(".safetensors", StringComparison.Ordinal);

    [GeneratedRegex(@" epoch  epoch (\d+)/")]
    private static partial Regex Epoch();
}
