namespace SixLabors.ImageSharp;

/// <summary>What an image's header says.</summary>
public class ImageInfo
{
    internal ImageInfo(int width, int height)
    {
        Width = width;
        Height = height;
    }

    public int Width { get; }

    public int Height { get; }
}
