using System.Numerics;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// A sensor at its place: the direction people mostly walk there and so the side it sees, how steeply it looks down, what stands behind them, and what its
/// optics and electronics make of colours.
/// </summary>
internal sealed class SynthCamera
{
    /// <summary>Brightnesses from 0 to 2 for which the response is tabulated.</summary>
    private const int Steps = 1024;

    /// <summary>At a gap of 1: how much of a channel a cast takes away or adds, how often the picture is blurred by the camera that blurs most, and by how much each time.</summary>
    private const double DeepestCast = 0.6;
    private const int MostBlurs = 8;
    private const float WidestPart = 0.66f;

    private readonly float[] _red;
    private readonly float[] _green;
    private readonly float[] _blue;
    private readonly float _saturation;
    private readonly float _blur;
    private readonly float _noise;
    private readonly int _blurs;
    private readonly InfraredSensor? _infrared;

    /// <param name="gap">How much more the cameras differ in color, brightness and blur than they would: 0 not at all, 1 strongly. Where people walk and what stands behind them stays.</param>
    /// <param name="infrared">Where it sees infrared light: the number that tells it from others that do.</param>
    public SynthCamera(long seed, int camera, int cameras, double gap = 0, int? infrared = null)
    {
        var random = Seeding.Stream(seed, "synth-camera", camera);
        // Spread over the half circle: who walks the other way shows the other half.
        MainHeading = (float)((Math.PI * camera / cameras) + random.NextDouble(-0.2, 0.2));
        Tilt = (float)random.NextDouble(0.08, 0.3);
        var (gain, gamma) = (Around(random, 1.0f, 0.17f), Around(random, 1.0f, 0.12f));
        (gain, gamma, _blurs) = Apart(gain, gamma, seed, camera, cameras, gap);
        (_red, _green, _blue) = (Response(gain.X, gamma.X), Response(gain.Y, gamma.Y), Response(gain.Z, gamma.Z));
        _saturation = (float)random.NextDouble(0.62, 1.15);
        _blur = (float)random.NextDouble(0, 0.5);
        _noise = (float)random.NextDouble(0.008, 0.03);
        Quality = 80 + random.NextInt(14);
        _infrared = infrared is { } number ? new InfraredSensor(seed, number) : null;
        _blur = _infrared?.Blur ?? _blur;
        Scenery = new Scenery(seed, camera, IsInfrared);
    }

    public bool IsInfrared => _infrared is not null;

    /// <summary>Of the people that it sees most, 0 towards the camera.</summary>
    public float MainHeading { get; }

    public float Tilt { get; }

    /// <summary>Of its JPEG files.</summary>
    public int Quality { get; }

    public Scenery Scenery { get; }

    /// <summary>What the sensor makes of the canvas' picture, in place; <paramref name="exposure"/> is the hour's light.</summary>
    public void Expose(Canvas canvas, float exposure, RandomStream random)
    {
        if (_blur > 0.05f)
        {
            Blur(canvas, _blur);
        }

        for (var i = 0; i < _blurs; i++)
        {
            Blur(canvas, WidestPart);
        }

        if (_infrared is not null)
        {
            _infrared.Expose(canvas, exposure, random);
            return;
        }

        foreach (ref var pixel in canvas.Pixels.AsSpan())
        {
            var grey = new Vector3(Palette.Brightness(pixel));
            var place = Vector3.Clamp(Vector3.Lerp(grey, pixel, _saturation) * (exposure * Steps / 2), Vector3.Zero, new Vector3(Steps - 1));
            pixel = new Vector3(_red[(int)place.X], _green[(int)place.Y], _blue[(int)place.Z]) + (Noise(random) * _noise);
        }
    }

    /// <summary>Color casts are spread around the circle of hues and blurs from none to most, both beginning somewhere else for each seed.</summary>
    private static (Vector3 Gain, Vector3 Gamma, int Blurs) Apart(Vector3 gain, Vector3 gamma, long seed, int camera, int cameras, double gap)
    {
        if (gap == 0)
        {
            return (gain, gamma, 0);
        }

        var shared = Seeding.Stream(seed, "synth-camera-gap");
        var (turn, order) = (shared.NextDouble(0, 2 * Math.PI), shared.Permutation(cameras));
        var own = Seeding.Stream(seed, "synth-camera-gap", camera);
        var (exposure, contrast) = (Math.Pow(2, gap * own.NextDouble(-0.6, 0.6)), Math.Pow(2, gap * own.NextDouble(-0.6, 0.6)));
        var hue = turn + (2 * Math.PI * camera / cameras);
        Vector3 cast = new(Channel(0), Channel(1), Channel(2));
        return (gain * cast * (float)exposure, gamma * (float)contrast, (int)Math.Round(gap * MostBlurs * order[camera] / (cameras - 1)));

        float Channel(int channel) => (float)(1 + (gap * DeepestCast * Math.Cos(hue - (channel * 2 * Math.PI / 3))));
    }

    private static float[] Response(float gain, float gamma) =>
        [.. Enumerable.Range(0, Steps).Select(step => MathF.Pow(gain * step * 2 / Steps, gamma))];

    private static Vector3 Around(RandomStream random, float centre, float spread) => new(
        centre + (float)random.NextDouble(-spread, spread), centre + (float)random.NextDouble(-spread, spread), centre + (float)random.NextDouble(-spread, spread));

    /// <summary>Nearly normal with deviation 1: sums of four even numbers, all from one draw.</summary>
    private static Vector3 Noise(RandomStream random)
    {
        var (bits, more) = (random.NextUInt64(), random.NextUInt64());
        return new Vector3(Sum((uint)bits), Sum((uint)(bits >> 32)), Sum((uint)more));

        static float Sum(uint four) => ((four & 0xFF) + ((four >> 8) & 0xFF) + ((four >> 16) & 0xFF) + (four >> 24) - 510f) / 147.8f;
    }

    /// <summary>Each pixel gives a part of itself to its neighbours, first in its row, then in its column.</summary>
    private static void Blur(Canvas canvas, float part)
    {
        var (width, height) = (canvas.PictureWidth, canvas.PictureHeight);
        Smooth(canvas.Pixels, canvas.Scratch, part, 1, width, width, height);
        Smooth(canvas.Scratch, canvas.Pixels, part, width, height, width, height);
    }

    private static void Smooth(Vector3[] from, Vector3[] to, float part, int step, int extent, int width, int height)
    {
        for (var i = 0; i < width * height; i++)
        {
            var place = step == 1 ? i % width : i / width;
            var before = from[place > 0 ? i - step : i];
            var after = from[place < extent - 1 ? i + step : i];
            to[i] = (from[i] * (1 - part)) + ((before + after) * (part / 2));
        }
    }
}
