namespace ReidCloud.Datasets;

/// <summary>What a frame may be. Frames are crops of people or vehicles: anything beyond this is a mistake or an attack.</summary>
public static class ImageLimits
{
    public const int MaxSide = 8192;
    public const long MaxPixels = 32_000_000;
    public const long MaxBytes = 128L << 20;
}
