namespace SixLabors.ImageSharp.Formats;

/// <summary>An encoder of a format with palettes. This substitute writes no palettes.</summary>
public abstract class QuantizingImageEncoder : ImageEncoder;
