using System.Security.Cryptography;
using System.Text.Json.Serialization;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>
/// A run's name: the first 80 bits of the SHA-256 of its canonical spec, in hexadecimal. The same spec is the same run, so submitting twice is
/// harmless; <see cref="RunSpec.Repeat"/> asks for another.
/// </summary>
[JsonConverter(typeof(RunIdConverter))]
public readonly record struct RunId
{
    private readonly string? _value;

    private RunId(string value) => _value = value;

    public static RunId Of(RunSpec spec) => Of(ReidJson.Canonical(spec));

    /// <param name="spec">In the canonical form.</param>
    internal static RunId Of(ReadOnlySpan<byte> spec) => new(Convert.ToHexStringLower(SHA256.HashData(spec))[..CheckpointRef.RunDigits]);

    /// <summary>Exactly twenty lowercase hexadecimal digits; nothing else can name a blob.</summary>
    public static bool TryParse(string? text, out RunId id)
    {
        var valid = CheckpointRef.IsRunId(text);
        id = valid ? new RunId(text!) : default;
        return valid;
    }

    public static RunId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{text}' is not a run id (twenty lowercase hexadecimal digits)");

    public override string ToString() => _value ?? throw new InvalidOperationException("no run id");
}
