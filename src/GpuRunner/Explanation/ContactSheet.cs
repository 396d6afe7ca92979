using ReidCloud.GpuRunner.Data;

namespace ReidCloud.GpuRunner.Explanation;

/// <summary>
/// Everything in one picture: a column for each image, its pictures below each other; columns that find no room begin a new band below. As square as may
/// be, and of no more than <see cref="LongestSide"/> pixels a side: the pictures shrink where they must.
/// </summary>
internal sealed class ContactSheet
{
    private const int Gap = 4;
    private const int LongestSide = 6000;

    private readonly int _rows;
    private readonly int _columns;
    private readonly Mosaic _mosaic;

    /// <param name="rows">Pictures of each image.</param>
    public ContactSheet(int images, int rows, int width, int height)
    {
        _rows = rows;
        var square = Math.Ceiling(Math.Sqrt(images * (double)rows * height / width));
        var bands = (int)Math.Ceiling(images / square);
        _columns = (images + bands - 1) / bands;
        var longest = Math.Max(_columns * (width + Gap), bands * rows * (height + Gap));
        var scale = Math.Min(1, LongestSide / (double)longest);
        _mosaic = new Mosaic(_columns, bands * rows, Scaled(width, scale), Scaled(height, scale), Gap);
    }

    public RgbImage Image => _mosaic.Image;

    public void Put(int image, IReadOnlyList<RgbImage> pictures)
    {
        foreach (var (row, picture) in pictures.Index())
        {
            _mosaic.Put(picture, image % _columns, (image / _columns * _rows) + row);
        }
    }

    private static int Scaled(int side, double scale) => Math.Max(1, (int)((side + Gap) * scale) - Gap);
}
