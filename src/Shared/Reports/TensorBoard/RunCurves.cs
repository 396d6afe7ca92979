using System.Text.Json;
using ReidCloud.Specs;

namespace ReidCloud.Reports.TensorBoard;

/// <summary>
/// A run's events as a file for TensorBoard: mean losses of each epoch (`loss/…`) and of single steps (`step-loss/…`), learning rate, images per second, memory, and every
/// figure of every evaluation, over steps of the training; the request as a text. The events are the only source: the file can be made of any run at any time.
/// </summary>
public static class RunCurves
{
    private const string LearningRate = "learningRate";
    private const string ImagesPerSecond = "imagesPerSecond";
    private const string SecondsRemaining = "secondsRemaining";

    /// <summary>Writes the file. False, and nothing is written: no event has figures.</summary>
    /// <param name="events">Of all attempts, oldest first.</param>
    public static bool Write(Stream to, RunSpec spec, IEnumerable<RunEvent> events)
    {
        var lasting = LastingEvents.Of(events);
        if (lasting.Count == 0)
        {
            return false;
        }

        var file = new EventFile(to);
        var began = Seconds(lasting[0]);
        file.Begin(began);
        file.Text(began, 0, "request", Markdown(spec));
        var stepsPerEpoch = 1L;
        foreach (var happened in lasting)
        {
            if (happened.Kind != RunEventKind.Evaluation)
            {
                stepsPerEpoch = happened.Steps ?? stepsPerEpoch;
            }

            var step = ((happened.Epoch ?? 0) * stepsPerEpoch) + (happened.Kind == RunEventKind.Step ? happened.Step ?? 0 : 0);
            foreach (var (tag, value) in Scalars(happened))
            {
                file.Scalar(Seconds(happened), step, tag, (float)value);
            }
        }

        return true;
    }

    private static IEnumerable<(string Tag, double Value)> Scalars(RunEvent happened)
    {
        foreach (var (name, value) in happened.Values!.OrderBy(value => value.Key, StringComparer.Ordinal))
        {
            var tag = (happened.Kind, name) switch
            {
                (RunEventKind.Evaluation, _) => name,
                (_, LearningRate) => "training/learning-rate",
                (_, ImagesPerSecond) => "training/images-per-second",
                (_, SecondsRemaining) => null,
                (RunEventKind.Step, _) => $"step-loss/{name}",
                _ => $"loss/{name}",
            };
            if (tag is not null)
            {
                yield return (tag, value);
            }
        }

        if (happened.MemoryBytes is { } memory)
        {
            yield return ("training/memory-mib", memory / (double)(1 << 20));
        }
    }

    private static double Seconds(RunEvent happened) => (happened.At - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static string Markdown(RunSpec spec) => $"```json\n{JsonSerializer.Serialize(spec, ReidJson.Indented)}\n```";
}
