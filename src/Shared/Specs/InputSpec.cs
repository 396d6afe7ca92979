namespace ReidCloud.Specs;

public enum ResizeFilter
{
    Bilinear,
    Bicubic,
}

/// <summary>Squash ignores the aspect ratio; letterbox keeps it and pads with black.</summary>
public enum ResizeFit
{
    Squash,
    Letterbox,
}

/// <summary>
/// How a frame becomes what the network sees, in training and in evaluation alike: resized as Pillow does, divided by 255, less
/// a mean, by a standard deviation, both ImageNet's where nothing else is said. The defaults are VKD's for persons (256 × 128, bicubic).
/// </summary>
public sealed record InputSpec(int Height = 256, int Width = 128)
{
    public ResizeFilter Filter { get; init; } = ResizeFilter.Bicubic;
    public ResizeFit Fit { get; init; } = ResizeFit.Squash;

    /// <summary>AlignedReID's public code has (0.486, 0.459, 0.408).</summary>
    public Rgb Mean { get; init; } = new(0.485, 0.456, 0.406);
    public Rgb Deviation { get; init; } = new(0.229, 0.224, 0.225);
}

/// <summary>A number for each channel.</summary>
public sealed record Rgb(double Red, double Green, double Blue);

/// <summary>
/// What training adds to a frame, in this order: pad with black and crop back, mirror, and after normalisation erase a rectangle with 0.
/// Spec of VKD §3.1; <see cref="ErasingAspect"/> is (0.3, 3.3) for persons and (0.7, 1.4) for vehicles and animals.
/// </summary>
public sealed record AugmentationSpec(int Padding = 10, double FlipProbability = 0.5, double ErasingProbability = 0.5)
{
    public Range<double> ErasingArea { get; init; } = new(0.02, 0.4);
    public Range<double> ErasingAspect { get; init; } = new(0.3, 3.3);

    /// <summary>Before everything else, and with this probability: cut out a part, each side at least <see cref="CropRatio"/> of the frame's. Spec of AlignedReID §6.</summary>
    public double CropProbability { get; init; }
    public double CropRatio { get; init; } = 1;
}

/// <summary>From and to, both included.</summary>
public sealed record Range<T>(T Min, T Max);
