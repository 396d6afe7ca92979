using System.Numerics;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Synth;

/// <summary>Something between camera and walker: a post, a bush, a parked car's bonnet, a board. It slides through the picture as they walk.</summary>
internal sealed class Obstacle(RandomStream random)
{
    private readonly int _kind = random.NextInt(4);
    private readonly float _from = (float)random.NextDouble(-0.1, 0.9);
    private readonly float _slide = (float)random.NextDouble(-0.6, 0.6);
    private readonly float _height = (float)random.NextDouble(0.2, 0.42);
    private readonly Vector3 _colour = random.Pick(Palette.Clothes);

    public void Draw(Canvas canvas, float time)
    {
        var at = _from + (_slide * time);
        for (var row = 0; row < canvas.Height; row++)
        {
            var y = (row + 0.5f) / canvas.Height;
            for (var column = 0; column < canvas.Width; column++)
            {
                var x = (column + 0.5f) / canvas.Width;
                if (Colour(x - at, y, x) is { } colour)
                {
                    canvas.Plot(column, row, float.MaxValue, colour);
                }
            }
        }
    }

    private Vector3? Colour(float across, float y, float x)
    {
        switch (_kind)
        {
            case 0 when Math.Abs(across) < 0.07f:
                return new Vector3(0.34f, 0.35f, 0.36f) * (1.1f - (8 * Math.Abs(across + 0.02f)));
            case 1 when y > 1 - _height - (0.03f * MathF.Sin(x * 23)) - (0.02f * MathF.Sin((x * 61) + 1)):
                return new Vector3(0.20f, 0.33f, 0.16f) * (0.9f + (0.2f * MathF.Sin(x * 47) * MathF.Sin(y * 71)));
            case 2 when y > 1 - (_height * 0.8f) + (0.10f * across * across):
                return _colour * (y < 1 - (_height * 0.8f) + (0.10f * across * across) + 0.03f ? 1.3f : 0.8f);
            case 3 when Math.Abs(across) < 0.22f && y > 1 - _height:
                return Math.Abs(across) > 0.19f || y < 1 - _height + 0.02f ? new Vector3(0.2f) : _colour;
            default:
                return null;
        }
    }
}
