using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>Why bytes cannot serve as a frame, as the rest of a sentence that begins with the image's name; and what to do about it.</summary>
public sealed record ImageFault(string Problem, string Remedy)
{
    public const string ReExport = "re-export or remove it";

    public override string ToString() => $"{Problem}; {Remedy}";

    public static ImageFault TooLong(long bytes) =>
        new(string.Create(CultureInfo.InvariantCulture, $"has {bytes} bytes, the limit is {ImageLimits.MaxBytes}"), "crop or remove it");

    public static ImageFault Truncated(string how) => new($"is truncated: {how}", ReExport);

    public static ImageFault Damaged(string how) => new($"is damaged: {how}", ReExport);
}
