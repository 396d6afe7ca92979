using System.Numerics;

namespace ReidCloud.Cli.Synth;

/// <summary>The colour of a surface at an angle around the body's axis (0 in front, π/2 on the person's left) and a height along the part (0 to 1).</summary>
internal delegate Vector3 Surface(float angle, float height);

/// <summary>
/// Draws solid parts of a body seen from one side, with light from above the camera's left shoulder. The person's own axes: x to the left hand, y up, z
/// forward; a body of height 1 stands on 0. Heading 0 faces the camera.
/// </summary>
internal sealed class Body
{
    private const float Ambient = 0.62f;
    private readonly Canvas _canvas;
    private readonly float _cos;
    private readonly float _sin;
    private readonly float _tilt;
    private readonly float _scale;
    private readonly float _centreX;
    private float _feetY;

    /// <param name="tilt">Sine of the angle at which the camera looks down.</param>
    /// <param name="scale">Samples per body height.</param>
    public Body(Canvas canvas, float heading, float tilt, float scale, float centreX, float feetY)
    {
        (_canvas, _tilt, _scale, _centreX, _feetY) = (canvas, tilt, scale, centreX, feetY);
        (_sin, _cos) = MathF.SinCos(heading);
    }

    /// <summary>All that is drawn from now on stands lower.</summary>
    public void Lower(float by) => _feetY += by * _scale;

    /// <summary>A turned part: elliptical slices around an upright axis, their half-widths given from bottom to top.</summary>
    public void Lathe(float bottom, float top, Vector2 axis, ReadOnlySpan<Vector2> slices, Surface surface, float lean = 0)
    {
        var lowest = RowOf(bottom, ToDepth(axis));
        var highest = RowOf(top, ToDepth(axis));
        for (var row = Math.Max(0, highest); row <= Math.Min(_canvas.Height - 1, lowest); row++)
        {
            var height = Math.Clamp((HeightOf(row, ToDepth(axis)) - bottom) / (top - bottom), 0, 1);
            var at = height * (slices.Length - 1);
            var slice = Math.Min((int)at, slices.Length - 2);
            var half = Vector2.Lerp(slices[slice], slices[slice + 1], at - slice);
            if (half.X > 0.001f && half.Y > 0.001f)
            {
                Slice(row, height, axis + new Vector2(0, lean * height), half, surface);
            }
        }
    }

    /// <summary>A limb: round, from one end to the other, with a radius at each.</summary>
    public void Limb(Vector3 from, Vector3 to, float fromRadius, float toRadius, Surface surface)
    {
        var (a, b) = (ToView(from), ToView(to));
        var widest = Math.Max(fromRadius, toRadius);
        var (left, right) = (ColumnOf(Math.Min(a.X, b.X) - widest), ColumnOf(Math.Max(a.X, b.X) + widest));
        var (upper, lower) = (RowOf(Math.Max(a.Y, b.Y) + widest), RowOf(Math.Min(a.Y, b.Y) - widest));
        var along = new Vector2(b.X - a.X, b.Y - a.Y);
        var length = Math.Max(along.LengthSquared(), 1e-6f);
        for (var row = Math.Max(0, upper); row <= Math.Min(_canvas.Height - 1, lower); row++)
        {
            for (var column = Math.Max(0, left); column <= Math.Min(_canvas.Width - 1, right); column++)
            {
                var point = new Vector2(((column + 0.5f - _centreX) / _scale) - a.X, ((_feetY - row - 0.5f) / _scale) - a.Y);
                var part = Math.Clamp(Vector2.Dot(point, along) / length, 0, 1);
                var radius = fromRadius + ((toRadius - fromRadius) * part);
                var away = point - (along * part);
                var rest = (radius * radius) - away.LengthSquared();
                if (rest <= 0)
                {
                    continue;
                }

                var rise = MathF.Sqrt(rest);
                var depth = a.Z + ((b.Z - a.Z) * part) + rise;
                if (_canvas.IsNearer(column, row, depth))
                {
                    var normal = new Vector3(away.X, away.Y, rise) / radius;
                    var angle = MathF.Atan2((normal.X * _cos) - (normal.Z * _sin), (normal.X * _sin) + (normal.Z * _cos));
                    _canvas.Plot(column, row, depth, surface(angle, part) * Light(normal));
                }
            }
        }
    }

    private static float Light(Vector3 normal) =>
        Ambient + ((1 - Ambient) * Math.Max(0, (normal.X * -0.35f) + (normal.Y * 0.45f) + (normal.Z * 0.85f)));

    private void Slice(int row, float height, Vector2 axis, Vector2 half, Surface surface)
    {
        var (x, z) = ((axis.X * _cos) + (axis.Y * _sin), (axis.Y * _cos) - (axis.X * _sin));
        var (perA, perB) = (1 / (half.X * half.X), 1 / (half.Y * half.Y));
        var squareZ = (_sin * _sin * perA) + (_cos * _cos * perB);
        var squareX = (_cos * _cos * perA) + (_sin * _sin * perB);
        var mixed = 2 * _sin * _cos * (perB - perA);
        var reach = MathF.Sqrt((half.X * half.X * _cos * _cos) + (half.Y * half.Y * _sin * _sin));
        for (var column = Math.Max(0, ColumnOf(x - reach)); column <= Math.Min(_canvas.Width - 1, ColumnOf(x + reach)); column++)
        {
            var across = ((column + 0.5f - _centreX) / _scale) - x;
            var linear = mixed * across;
            var inside = (linear * linear) - (4 * squareZ * ((across * across * squareX) - 1));
            if (inside < 0)
            {
                continue;
            }

            var towards = (MathF.Sqrt(inside) - linear) / (2 * squareZ);
            if (!_canvas.IsNearer(column, row, z + towards))
            {
                continue;
            }

            var (ownX, ownZ) = ((across * _cos) - (towards * _sin), (across * _sin) + (towards * _cos));
            var outward = Vector2.Normalize(new Vector2(ownX * perA, ownZ * perB));
            var normal = new Vector3((outward.X * _cos) + (outward.Y * _sin), 0.25f, (outward.Y * _cos) - (outward.X * _sin));
            var angle = MathF.Atan2(ownX / half.X, ownZ / half.Y);
            _canvas.Plot(column, row, z + towards, surface(angle, height) * Light(normal));
        }
    }

    /// <summary>Right, up, towards the viewer. Looking down, what is nearer is lower.</summary>
    private Vector3 ToView(Vector3 own)
    {
        var z = (own.Z * _cos) - (own.X * _sin);
        return new Vector3((own.X * _cos) + (own.Z * _sin), own.Y - (z * _tilt), z);
    }

    private float ToDepth(Vector2 axis) => (axis.Y * _cos) - (axis.X * _sin);

    private int ColumnOf(float x) => (int)MathF.Floor(_centreX + (x * _scale));

    private int RowOf(float y, float depth = 0) => (int)MathF.Floor(_feetY - ((y - (depth * _tilt)) * _scale));

    private float HeightOf(int row, float depth) => ((_feetY - row - 0.5f) / _scale) + (depth * _tilt);
}
