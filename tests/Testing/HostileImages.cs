using ReidCloud.Tests.Golden;

namespace ReidCloud.Tests.Testing;

/// <summary>Pictures made to cost far more than their length: from golden ones, in code.</summary>
internal static class HostileImages
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    /// <summary>The bytes of one of the pictures `imaging.decode.NAME`.</summary>
    public static byte[] Golden(string name) => [.. GoldenCase.Read(Path.Combine(GoldenFolder.Own, $"imaging.decode.{name}.safetensors"))["bytes"].U8];

    /// <summary>The same picture, with its last scan so many times more: each refines every block of the picture again.</summary>
    public static byte[] WithScans(byte[] progressive, int more)
    {
        var last = progressive.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, StartOfScan]);
        var end = progressive.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, EndOfImage]);
        var scan = progressive[last..end];
        return [.. progressive[..end], .. Enumerable.Repeat(scan, more).SelectMany(bytes => bytes), 0xFF, EndOfImage];
    }
}
