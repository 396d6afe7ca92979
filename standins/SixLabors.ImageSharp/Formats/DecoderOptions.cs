namespace SixLabors.ImageSharp.Formats;

/// <summary>
/// What decoding may do. This substitute reads the first frame only and no metadata, whatever is asked.
/// </summary>
public sealed class DecoderOptions
{
    private readonly uint maxFrames = int.MaxValue;

    public Configuration Configuration { get; init; } = Configuration.Default;

    public bool SkipMetadata { get; init; }

    public uint MaxFrames
    {
        get => maxFrames;
        init => maxFrames = Math.Clamp(value, 1, int.MaxValue);
    }
}
