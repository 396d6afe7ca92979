using System.Text.Json;
using ReidCloud.Reports.TensorBoard;

namespace ReidCloud.Tests.Golden;

/// <summary>Event files, byte for byte.</summary>
public static class TensorBoardOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> Write(GoldenCase given)
    {
        using var bytes = new MemoryStream();
        var file = new EventFile(bytes);
        var times = new Queue<double>(given["wall_time"].Values);
        if (given.Params.GetProperty("file_version") is { ValueKind: JsonValueKind.String } version)
        {
            file.Begin(times.Dequeue(), version.GetString()!);
        }

        foreach (var (tag, (step, value)) in given.Params.GetProperty("tags").EnumerateArray().Zip(given["step"].I64.Zip(given["value"].F32)))
        {
            file.Scalar(times.Dequeue(), step, tag.GetString()!, value);
        }

        return new Dictionary<string, GoldenTensor> { ["bytes"] = new("U8", [bytes.Length], bytes.ToArray()) };
    }
}
