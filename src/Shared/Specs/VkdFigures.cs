using static ReidCloud.Specs.BackboneName;

namespace ReidCloud.Specs;

/// <summary>
/// What VKD's authors published, spec of VKD §13: MARS as their readme prints it; the others as their paper's table 1 was transcribed, of which two cells
/// were found a second time. They published nothing of resnet18 and resnet101bam, of VeRi's other settings, nor anything of ATRW that is at hand.
/// </summary>
internal static class VkdFigures
{
    private const Verified No = Verified.Nothing;

    public static IReadOnlyList<PublishedFigure> Of(string dataset, BackboneName backbone, bool isStudent) => dataset switch
    {
        "mars" => Mars(backbone, isStudent),
        "duke-video-reid" => Duke(backbone, isStudent),
        "veri-776" => Veri(backbone, isStudent),
        _ => [],
    };

    private static PublishedFigure[] Mars(BackboneName backbone, bool isStudent) => (backbone, isStudent) switch
    {
        (ResNet34, false) => [I2V(80.81, 70.74, Verified.Both), V2V(86.67, 78.03, Verified.Both)],
        (ResNet34, true) => [I2V(82.17, 73.68, Verified.Both), V2V(87.83, 79.50, Verified.Both)],
        (ResNet50, false) => [I2V(82.22, 73.38, Verified.Both), V2V(87.88, 81.13, Verified.Both)],
        (ResNet50, true) => [I2V(83.89, 77.27, Verified.Both), V2V(88.74, 82.22, Verified.Both)],
        (ResNet101, false) => [I2V(82.78, 74.94, Verified.Both), V2V(88.59, 81.66, Verified.Both)],
        (ResNet101, true) => [I2V(85.91, 77.64, Verified.Both), V2V(89.60, 82.65, Verified.Both)],
        (ResNet50Bam, false) => [I2V(82.58, 74.11, Verified.Both), V2V(88.54, 81.19, Verified.Both)],
        (ResNet50Bam, true) => [I2V(84.34, 78.13, Verified.Both), V2V(89.39, 83.07, Verified.Both)],
        (DenseNet121, false) => [I2V(82.68, 74.34, Verified.Both), V2V(89.75, 81.93, Verified.Both)],
        (DenseNet121, true) => [I2V(84.04, 77.09, Verified.Both), V2V(89.80, 82.84, Verified.Both)],
        (MobileNet, false) => [I2V(78.64, 67.94, Verified.Both), V2V(85.96, 77.10, Verified.Both)],
        (MobileNet, true) => [I2V(83.33, 73.95, Verified.Both), V2V(88.13, 79.62, Verified.Both)],
        _ => [],
    };

    private static PublishedFigure[] Duke(BackboneName backbone, bool isStudent) => (backbone, isStudent) switch
    {
        (ResNet34, false) => [I2V(81.34, 78.70, No), V2V(93.45, 91.88, No)],
        (ResNet34, true) => [I2V(83.33, 80.60, No), V2V(93.73, 91.62, No)],
        (ResNet50, false) => [I2V(82.34, 80.19, No), V2V(95.01, 94.17, No)],
        (ResNet50, true) => [I2V(85.61, 83.81, Verified.Rank1), V2V(95.01, 93.41, No)],
        (ResNet101, false) => [I2V(83.76, 82.89, No), V2V(96.01, 94.73, No)],
        (ResNet101, true) => [I2V(86.32, 85.11, No), V2V(95.44, 93.67, No)],
        (ResNet50Bam, false) => [I2V(82.48, 80.24, No), V2V(94.87, 93.82, No)],
        (ResNet50Bam, true) => [I2V(86.18, 84.54, No), V2V(95.16, 93.45, No)],
        (DenseNet121, false) => [I2V(82.91, 80.26, No), V2V(93.73, 91.73, No)],
        (DenseNet121, true) => [I2V(86.47, 84.14, No), V2V(95.44, 93.54, No)],
        (MobileNet, false) => [I2V(78.06, 74.73, No), V2V(93.30, 91.56, No)],
        (MobileNet, true) => [I2V(83.76, 80.83, No), V2V(94.30, 92.51, No)],
        _ => [],
    };

    private static PublishedFigure[] Veri(BackboneName backbone, bool isStudent) => (backbone, isStudent) switch
    {
        (ResNet34, false) => [I2I(92.97, 70.30, No), I2V(93.80, 75.01, No)],
        (ResNet34, true) => [I2I(95.29, 75.97, No), I2V(94.76, 79.02, No)],
        (ResNet50, false) => [I2I(93.50, 73.19, No), I2V(93.33, 77.88, No)],
        (ResNet50, true) => [I2I(95.23, 79.17, No), I2V(95.17, 82.16, Verified.Rank1)],
        (ResNet101, false) => [I2I(94.28, 74.27, No), I2V(94.46, 78.20, No)],
        (ResNet101, true) => [I2I(95.53, 80.62, No), I2V(96.07, 83.26, No)],
        (ResNet50Bam, false) => [I2I(93.33, 72.73, No), I2V(93.80, 77.14, No)],
        (ResNet50Bam, true) => [I2I(96.01, 78.67, No), I2V(95.71, 81.57, No)],
        (DenseNet121, false) => [I2I(91.24, 69.24, No), I2V(91.84, 74.52, No)],
        (DenseNet121, true) => [I2I(94.34, 76.23, No), I2V(93.80, 79.76, No)],
        (MobileNet, false) => [I2I(88.80, 64.68, No), I2V(89.81, 69.90, No)],
        (MobileNet, true) => [I2I(92.85, 70.93, No), I2V(92.61, 75.27, No)],
        _ => [],
    };

    private static PublishedFigure I2V(double rank1, double map, Verified verified) => Figure(RetrievalSetting.ImageToVideo, rank1, map, verified);

    private static PublishedFigure V2V(double rank1, double map, Verified verified) => Figure(RetrievalSetting.VideoToVideo, rank1, map, verified);

    private static PublishedFigure I2I(double rank1, double map, Verified verified) => Figure(RetrievalSetting.ImageToImage, rank1, map, verified);

    /// <summary>Published in percent, with two decimals.</summary>
    private static PublishedFigure Figure(RetrievalSetting setting, double rank1, double map, Verified verified) =>
        new(setting, Math.Round(rank1 / 100, 4), verified) { MapTrapezoidal = Math.Round(map / 100, 4) };
}
