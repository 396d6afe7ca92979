namespace ReidCloud.Specs;

public enum ResizeFilter
{
    /// <summary>Pillow's, antialiased where it shrinks.</summary>
    Bilinear,

    /// <summary>Pillow's, antialiased where it shrinks.</summary>
    Bicubic,

    /// <summary>Pillow's of three lobes, antialiased where it shrinks: what SYSU-MM01's usual pre-processing takes.</summary>
    Lanczos,

    /// <summary>OpenCV's INTER_LINEAR, not antialiased: AlignedReID's.</summary>
    OpenCvBilinear,
}

/// <summary>Squash ignores the aspect ratio; letterbox keeps it and pads with black.</summary>
public enum ResizeFit
{
    Squash,
    Letterbox,
}

/// <summary>
/// How a frame becomes what the network sees, in training and in evaluation alike: resized, divided by 255, less a mean, by a standard deviation, both ImageNet's where nothing else is said.
/// The defaults are VKD's for persons (256 × 128, bicubic).
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

/// <summary>What an aspect ratio divides by what.</summary>
public enum AspectForm
{
    /// <summary>torchvision's.</summary>
    HeightByWidth,

    /// <summary>MindSpore's. Drawn from 0.3 to 3.3, most rectangles are then wide, where torchvision's are tall.</summary>
    WidthByHeight,
}

/// <summary>
/// What training adds to a frame, in this order: pad with black and crop back, take the color away, mirror, and after normalisation erase a rectangle with 0.
/// Spec of VKD §3.1; <see cref="ErasingAspect"/> is (0.3, 3.3) for persons and (0.7, 1.4) for vehicles and animals.
/// </summary>
public sealed record AugmentationSpec(int Padding = 10, double FlipProbability = 0.5, double ErasingProbability = 0.5)
{
    public Range<double> ErasingArea { get; init; } = new(0.02, 0.4);
    public Range<double> ErasingAspect { get; init; } = new(0.3, 3.3);
    public AspectForm ErasingAspectForm { get; init; }

    /// <summary>
    /// Before everything else, and with this probability: of the frame in its own size a part is cut out, each of its sides at least <see cref="CropRatio"/> of the frame's, anywhere in it. Such frames
    /// are decoded anew each time. Spec of AlignedReID §6, whose code never reaches the last place and fails where one side stays whole; here every place is as likely.
    /// </summary>
    public double CropProbability { get; init; }
    public double CropRatio { get; init; } = 1;

    /// <summary>With this probability a frame that a visible camera took loses its color, as Pillow weighs it: red 0.299, green 0.587, blue 0.114. Infrared frames have none to lose. MVD at MindSpore has 0.5.</summary>
    public double GreyProbability { get; init; }
}

/// <summary>From and to, both included.</summary>
public sealed record Range<T>(T Min, T Max);
