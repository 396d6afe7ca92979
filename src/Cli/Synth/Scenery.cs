using System.Numerics;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Synth;

/// <summary>What stands behind the people of one camera: ground with joints, a wall with windows, hedge or rails, trees; as wide as a street.</summary>
internal sealed class Scenery
{
    private readonly Vector3 _ground;
    private readonly Vector3 _joint;
    private readonly Vector3 _wall;
    private readonly Vector3 _window;
    private readonly Vector3 _plant;
    private readonly Vector3 _sky = new(0.70f, 0.74f, 0.78f);
    private readonly int _kind;
    private readonly float _horizon;
    private readonly float _tile;
    private readonly float _windowWidth;
    private readonly int _salt;

    /// <param name="isInfrared">By night: leaves give back infrared light as nothing else does, the sky and glass none.</param>
    public Scenery(long seed, int camera, bool isInfrared = false)
    {
        var random = Seeding.Stream(seed, "synth-scenery", camera);
        _ground = Tint(random, new Vector3(0.52f, 0.50f, 0.47f), 0.14f);
        _joint = _ground * (float)random.NextDouble(0.7, 0.9);
        _wall = Tint(random, new Vector3(0.60f, 0.56f, 0.52f), 0.2f);
        _window = new Vector3(0.22f, 0.27f, 0.33f) * (float)random.NextDouble(0.8, 1.6);
        _plant = Tint(random, new Vector3(0.24f, 0.36f, 0.19f), 0.08f);
        _kind = camera % 4;
        _horizon = (float)random.NextDouble(0.36, 0.62);
        _tile = (float)random.NextDouble(0.10, 0.25);
        _windowWidth = (float)random.NextDouble(0.25, 0.5);
        _salt = random.NextInt(1 << 16);
        if (isInfrared)
        {
            (_plant, _sky, _window) = (new Vector3(0.62f), new Vector3(0.05f), new Vector3(0.06f));
            (_ground, _joint, _wall) = (_ground * 0.45f, _joint * 0.45f, _wall * 0.5f);
        }
    }

    /// <summary>Fills the canvas: <paramref name="left"/> is the place along the street, in picture heights.</summary>
    public void Draw(Canvas canvas, float left)
    {
        for (var row = 0; row < canvas.PictureHeight; row++)
        {
            var y = (row + 0.5f) / canvas.PictureHeight;
            for (var column = 0; column < canvas.PictureWidth; column++)
            {
                var x = left + ((column + 0.5f) / canvas.PictureHeight);
                canvas.Backdrop(column, row, y > _horizon ? Ground(x, y) : Behind(x, y));
            }
        }
    }

    private static float Part(float value) => value - MathF.Floor(value);

    private static Vector3 Tint(RandomStream random, Vector3 colour, float spread)
    {
        var light = (float)random.NextDouble(-spread, spread);
        return colour + new Vector3(light) + (new Vector3((float)random.NextDouble(-1, 1), (float)random.NextDouble(-1, 1), (float)random.NextDouble(-1, 1)) * spread * 0.35f);
    }

    private Vector3 Ground(float x, float y)
    {
        // Rows of slabs get wider towards the viewer.
        var near = (y - _horizon) / (1 - _horizon);
        var depth = 1 / (0.25f + near);
        var isJoint = Part(depth * 3) < 0.08f || Part(x * depth / (_tile * 4)) < 0.035f;
        return (isJoint ? _joint : _ground) * (0.86f + (0.14f * near)) * Grain(x * 14, depth * 30);
    }

    private Vector3 Behind(float x, float y)
    {
        var up = (_horizon - y) / _horizon;
        return _kind switch
        {
            0 => Building(x, up),
            1 => up < 0.42f ? _plant * Grain(x * 26, up * 22) * Grain(x * 9, up * 7) : Building(x, up),
            2 => Shutters(x, up),
            _ => Trees(x, up),
        };
    }

    private Vector3 Building(float x, float up)
    {
        var isWindow = Part(x / _windowWidth) is > 0.25f and < 0.75f && up is > 0.35f and < 0.85f;
        var isFrame = isWindow && (Part(x / _windowWidth) is < 0.29f or > 0.71f || Part(x / _windowWidth) is > 0.48f and < 0.52f);
        return (isFrame ? _wall * 1.25f : isWindow ? _window * (0.8f + (0.5f * up)) : up < 0.08f ? _wall * 0.6f : _wall) * Grain(x * 8, up * 9);
    }

    private Vector3 Shutters(float x, float up)
    {
        var isPillar = Part(x / (_windowWidth * 2)) < 0.12f;
        return (isPillar ? _wall * 0.7f : _wall * (Part(up * 14) < 0.3f ? 0.86f : 1f)) * Grain(x * 5, up * 5);
    }

    private Vector3 Trees(float x, float up)
    {
        var isTrunk = Math.Abs(Part(x / 0.6f) - 0.5f) < 0.05f && up < 0.55f;
        var leaves = Grain(x * 11, up * 13) * Grain(x * 29, up * 31);
        return isTrunk ? new Vector3(0.28f, 0.22f, 0.17f) : up > 0.5f || leaves > 1.02f ? _plant * leaves : _sky * (0.9f + (0.1f * up));
    }

    /// <summary>Smooth noise around 1.</summary>
    private float Grain(float x, float y)
    {
        var (left, low) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (u, v) = (x - left, y - low);
        var above = float.Lerp(Cell(left, low), Cell(left + 1, low), u);
        var below = float.Lerp(Cell(left, low + 1), Cell(left + 1, low + 1), u);
        return 0.88f + (0.24f * float.Lerp(above, below, v));
    }

    private float Cell(int x, int y)
    {
        var hash = (uint)((x * 374761393) + (y * 668265263) + (_salt * 974711));
        hash = (hash ^ (hash >> 13)) * 1274126177;
        return ((hash ^ (hash >> 16)) & 0xFFFF) / 65535f;
    }
}
