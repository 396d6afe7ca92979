using System.Numerics;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// Where a picture is drawn: linear colour and depth, at a multiple of the picture's size so that edges become smooth. Depth grows towards the viewer. One
/// per thread, reused.
/// </summary>
internal sealed class Canvas(int width, int height)
{
    /// <summary>Samples per pixel and direction.</summary>
    public const int Oversampling = 2;

    private readonly float[] _depth = new float[width * height * Oversampling * Oversampling];
    private readonly Vector3[] _samples = new Vector3[width * height * Oversampling * Oversampling];

    public int Width { get; } = width * Oversampling;

    public int Height { get; } = height * Oversampling;

    /// <summary>The picture, after <see cref="Resolve"/>.</summary>
    public Vector3[] Pixels { get; } = new Vector3[width * height];

    /// <summary>For filters.</summary>
    public Vector3[] Scratch { get; } = new Vector3[width * height];

    public int PictureWidth { get; } = width;

    public int PictureHeight { get; } = height;

    public void Clear() => Array.Fill(_depth, float.NegativeInfinity);

    /// <summary>A whole pixel of what lies behind everything.</summary>
    public void Backdrop(int x, int y, Vector3 colour)
    {
        var at = (y * Oversampling * Width) + (x * Oversampling);
        _samples[at] = _samples[at + 1] = _samples[at + Width] = _samples[at + Width + 1] = colour;
    }

    public void Darken(int x, int y, float factor) => _samples[(y * Width) + x] *= factor;

    public bool IsNearer(int x, int y, float depth) => depth > _depth[(y * Width) + x];

    public void Plot(int x, int y, float depth, Vector3 colour)
    {
        var at = (y * Width) + x;
        _depth[at] = depth;
        _samples[at] = colour;
    }

    /// <summary>Averages the samples of each pixel.</summary>
    public void Resolve()
    {
        for (var y = 0; y < PictureHeight; y++)
        {
            for (var x = 0; x < PictureWidth; x++)
            {
                var at = (y * Oversampling * Width) + (x * Oversampling);
                Pixels[(y * PictureWidth) + x] = (_samples[at] + _samples[at + 1] + _samples[at + Width] + _samples[at + Width + 1]) / 4;
            }
        }
    }
}
