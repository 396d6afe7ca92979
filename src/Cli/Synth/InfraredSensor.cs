using System.Numerics;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Synth;

/// <summary>A night camera: one channel, lit by a lamp beside the lens that leaves the picture's edges dark, blurred and noisy. What it sees is stored as three equal channels.</summary>
internal sealed class InfraredSensor
{
    private readonly float _gain;
    private readonly float _gamma;
    private readonly float _falloff;
    private readonly float _noise;

    public InfraredSensor(long seed, int camera)
    {
        var random = Seeding.Stream(seed, "synth-infrared-camera", camera);
        _gain = (float)random.NextDouble(0.95, 1.25);
        _gamma = (float)random.NextDouble(0.75, 1.1);
        _falloff = (float)random.NextDouble(0.25, 0.5);
        _noise = (float)random.NextDouble(0.02, 0.045);
        Blur = (float)random.NextDouble(0.3, 0.6);
    }

    public float Blur { get; }

    public void Expose(Canvas canvas, float exposure, RandomStream random)
    {
        for (var row = 0; row < canvas.PictureHeight; row++)
        {
            for (var column = 0; column < canvas.PictureWidth; column++)
            {
                ref var pixel = ref canvas.Pixels[(row * canvas.PictureWidth) + column];
                var (x, y) = ((2f * column / canvas.PictureWidth) - 1, (2f * row / canvas.PictureHeight) - 1);
                var light = exposure * _gain * (1 - (_falloff * ((x * x) + (y * y)) / 2));
                pixel = new Vector3(MathF.Pow(Math.Max(0, Palette.Brightness(pixel) * light), _gamma) + (Noise(random.NextUInt64()) * _noise));
            }
        }
    }

    /// <summary>Nearly normal with deviation 1: the sum of four even numbers of one draw.</summary>
    private static float Noise(ulong bits) => ((bits & 0xFF) + ((bits >> 8) & 0xFF) + ((bits >> 16) & 0xFF) + ((bits >> 24) & 0xFF) - 510f) / 147.8f;
}
