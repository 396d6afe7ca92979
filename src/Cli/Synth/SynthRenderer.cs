using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.Cli.Synth;

/// <summary>Draws the frames of a plan, any of them at any time and on any thread.</summary>
internal sealed class SynthRenderer(SynthSpec spec)
{
    private readonly SynthCamera[] _cameras = [.. Enumerable.Range(0, spec.Cameras).Select(camera => new SynthCamera(
        spec.Seed, SynthSensors.PlaceOf(spec.Layout, camera), spec.Cameras, spec.CameraGap, SynthSensors.IsInfrared(spec.Layout, camera) ? camera : null))];
    private readonly ThreadLocal<Canvas> _canvas = new(() => new Canvas(spec.Width, spec.Height));

    public Passage Begin(PlannedTracklet tracklet) => new(spec, _cameras[tracklet.Camera], tracklet);

    /// <summary>One frame's pixels, row by row.</summary>
    public Rgb24[] Draw(Passage passage, int frame)
    {
        var canvas = _canvas.Value!;
        passage.Draw(canvas, frame);
        var pixels = new Rgb24[canvas.Pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var colour = canvas.Pixels[i];
            pixels[i] = new Rgb24(Byte(colour.X), Byte(colour.Y), Byte(colour.Z));
        }

        return pixels;
    }

    public byte[] DrawJpeg(PlannedTracklet tracklet, Passage passage, int frame)
    {
        using var image = Image.LoadPixelData<Rgb24>(MemoryMarshal.AsBytes<Rgb24>(Draw(passage, frame)), spec.Width, spec.Height);
        using var file = new MemoryStream();
        image.SaveAsJpeg(file, new JpegEncoder { Quality = _cameras[tracklet.Camera].Quality });
        return file.ToArray();
    }

    private static byte Byte(float value) => (byte)Math.Clamp((value * 255) + 0.5f, 0, 255);
}
