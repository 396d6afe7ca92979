namespace ReidCloud.Pickles;

/// <summary>
/// How much a pickle may ask of its reader. The largest file of the field (a ResNet-101 with its optimizer's state) needs a hundredth of the first two;
/// at the limits the values take some hundred megabytes.
/// </summary>
internal static class PickleLimits
{
    public const int Opcodes = 1_000_000;
    public const long Bytes = 16 << 20;
    public const int TextLength = 1 << 20;
    public const int NumberLength = 64;
    public const int NameLength = 256;
    public const int Marks = 256;
    public const int Tensors = 10_000;
    public const int Dimensions = 16;
}
