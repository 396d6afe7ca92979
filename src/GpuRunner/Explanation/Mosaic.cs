using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Explanation;

/// <summary>Pictures of one size put together on white.</summary>
internal sealed class Mosaic
{
    private const int Channels = 3;

    private readonly int _gap;
    private readonly int _cellWidth;
    private readonly int _cellHeight;

    public Mosaic(int columns, int rows, int cellWidth, int cellHeight, int gap = 0)
    {
        (_cellWidth, _cellHeight, _gap) = (cellWidth, cellHeight, gap);
        var (width, height) = ((columns * (cellWidth + gap)) - gap, (rows * (cellHeight + gap)) - gap);
        var pixels = new byte[checked(width * height * Channels)];
        pixels.AsSpan().Fill(byte.MaxValue);
        Image = new RgbImage(width, height, pixels);
    }

    public RgbImage Image { get; }

    public static RgbImage SideBySide(RgbImage left, RgbImage right)
    {
        var pair = new Mosaic(2, 1, left.Width, left.Height);
        pair.Put(left, 0, 0);
        pair.Put(right, 1, 0);
        return pair.Image;
    }

    /// <summary>A picture of another size than the cells is resized.</summary>
    public void Put(RgbImage picture, int column, int row)
    {
        var pixels = picture.Width == _cellWidth && picture.Height == _cellHeight
            ? picture.Pixels
            : PillowResize.Resize(picture.Pixels, picture.Width, picture.Height, _cellWidth, _cellHeight, ResizeFilter.Bicubic);
        var (left, top) = (column * (_cellWidth + _gap), row * (_cellHeight + _gap));
        for (var y = 0; y < _cellHeight; y++)
        {
            pixels.AsSpan(y * _cellWidth * Channels, _cellWidth * Channels).CopyTo(Image.Pixels.AsSpan((((top + y) * Image.Width) + left) * Channels));
        }
    }
}
