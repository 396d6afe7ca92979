using System.Numerics;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Synth;

/// <summary>The colours that clothes, skin and hair come in: few of each, so that many people share them.</summary>
internal static class Palette
{
    public static readonly Vector3[] Clothes =
    [
        Rgb(0x2B2D33), Rgb(0xD9D9D4), Rgb(0x7D8288), Rgb(0x273A66), Rgb(0x8E2430), Rgb(0x2F5D45), Rgb(0xC8A24A), Rgb(0x6E93B8), Rgb(0x7A5AA0), Rgb(0xC46A3A),
    ];

    public static readonly Vector3[] Trousers = [Rgb(0x23252B), Rgb(0x2F456E), Rgb(0x6B6F76), Rgb(0x9A8A6C), Rgb(0x54422F), Rgb(0x3C4A3A)];

    public static readonly Vector3[] Accents = [Rgb(0xF2F0E6), Rgb(0xD8352A), Rgb(0xE9C22E), Rgb(0x2E9E5B), Rgb(0x2F6FD0), Rgb(0x1A1A1E), Rgb(0xE07FA8)];

    public static readonly Vector3[] Skin = [Rgb(0xE7BE9C), Rgb(0xC99A74), Rgb(0x8E5F42), Rgb(0xF0CDB2)];

    public static readonly Vector3[] Hair = [Rgb(0x1E1815), Rgb(0x4A3222), Rgb(0x9A7440), Rgb(0x8C8A88)];

    public static readonly Vector3[] Shoes = [Rgb(0x1C1C20), Rgb(0xD8D8D6), Rgb(0x5A4030), Rgb(0x8A2C2C)];

    public static Vector3 Pick(this RandomStream random, Vector3[] colours) => colours[random.NextInt(colours.Length)];

    public static float Brightness(Vector3 colour) => Vector3.Dot(colour, new Vector3(0.299f, 0.587f, 0.114f));

    private static Vector3 Rgb(int hex) => new Vector3((hex >> 16) & 0xFF, (hex >> 8) & 0xFF, hex & 0xFF) / 255f;
}
