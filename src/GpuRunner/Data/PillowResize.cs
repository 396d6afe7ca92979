using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Resizes interleaved RGB as Pillow's Image.resize does, byte for byte: antialiased when shrinking, the width first, rounded to bytes in
/// between, then the height. Published accuracies hang on these bytes: other libraries' "bicubic" differs by several grey levels.
/// </summary>
public static class PillowResize
{
    private const int Channels = 3;
    private const int Half = 1 << (ResizeKernel.FractionBits - 1);

    public static byte[] Resize(ReadOnlySpan<byte> rgb, int width, int height, int newWidth, int newHeight, ResizeFilter filter)
    {
        var destination = GC.AllocateUninitializedArray<byte>(checked(newWidth * newHeight * Channels));
        Resize(rgb, width, height, destination, newWidth, newHeight, filter);
        return destination;
    }

    public static void Resize(
        ReadOnlySpan<byte> rgb, int width, int height, Span<byte> destination, int newWidth, int newHeight, ResizeFilter filter)
    {
        CheckLength(rgb.Length, width, height, nameof(rgb));
        CheckLength(destination.Length, newWidth, newHeight, nameof(destination));
        if (width == newWidth && height == newHeight)
        {
            rgb.CopyTo(destination);
        }
        else if (height == newHeight)
        {
            ResizeWidth(rgb, width, destination, newWidth, height, filter);
        }
        else if (width == newWidth)
        {
            ResizeHeight(rgb, height, destination, newHeight, width, filter);
        }
        else
        {
            var rented = ArrayPool<byte>.Shared.Rent(checked(newWidth * height * Channels));
            var between = rented.AsSpan(0, newWidth * height * Channels);
            ResizeWidth(rgb, width, between, newWidth, height, filter);
            ResizeHeight(between, height, destination, newHeight, newWidth, filter);
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void ResizeWidth(ReadOnlySpan<byte> source, int width, Span<byte> target, int newWidth, int height, ResizeFilter filter)
    {
        var kernel = ResizeKernel.For(width, newWidth, filter);

        // A pixel is read as four bytes, the fourth being a neighbor's that is thrown away; the last row has no neighbor.
        var lastRow = new byte[(width * Channels) + 1];
        source[^(width * Channels)..].CopyTo(lastRow);
        for (var y = 0; y < height; y++)
        {
            var row = y == height - 1 ? lastRow : source.Slice(y * width * Channels, (width * Channels) + 1);
            var to = target.Slice(y * newWidth * Channels, newWidth * Channels);
            for (var x = 0; x < newWidth; x++)
            {
                var sum = Vector128.Create(Half);
                var from = row[(kernel.Start(x) * Channels)..];
                var weights = kernel.Weights(x);
                for (var i = 0; i < weights.Length; i++)
                {
                    var pixel = Vector128.CreateScalarUnsafe(MemoryMarshal.Read<uint>(from[(i * Channels)..])).AsByte();
                    sum += Vector128.WidenLower(Vector128.WidenLower(pixel)).AsInt32() * weights[i];
                }

                sum >>= ResizeKernel.FractionBits;
                to[x * Channels] = Clip(sum[0]);
                to[(x * Channels) + 1] = Clip(sum[1]);
                to[(x * Channels) + 2] = Clip(sum[2]);
            }
        }
    }

    private static void ResizeHeight(ReadOnlySpan<byte> source, int height, Span<byte> target, int newHeight, int width, ResizeFilter filter)
    {
        var kernel = ResizeKernel.For(height, newHeight, filter);
        var rowBytes = width * Channels;
        for (var y = 0; y < newHeight; y++)
        {
            var from = source[(kernel.Start(y) * rowBytes)..];
            var to = target.Slice(y * rowBytes, rowBytes);
            var weights = kernel.Weights(y);
            var x = 0;
            for (; x <= rowBytes - Vector<byte>.Count; x += Vector<byte>.Count)
            {
                AddRows(from[x..], rowBytes, weights).CopyTo(to[x..]);
            }

            for (; x < rowBytes; x++)
            {
                var sum = Half;
                for (var i = 0; i < weights.Length; i++)
                {
                    sum += from[(i * rowBytes) + x] * weights[i];
                }

                to[x] = Clip(sum >> ResizeKernel.FractionBits);
            }
        }
    }

    /// <summary>The weighted sum of as many neighboring bytes as a register holds, over the rows of one kernel.</summary>
    private static Vector<byte> AddRows(ReadOnlySpan<byte> from, int rowBytes, ReadOnlySpan<int> weights)
    {
        var (a, b, c, d) = (new Vector<int>(Half), new Vector<int>(Half), new Vector<int>(Half), new Vector<int>(Half));
        for (var i = 0; i < weights.Length; i++)
        {
            Vector.Widen(new Vector<byte>(from[(i * rowBytes)..]), out var low, out var high);
            Vector.Widen(low, out var low0, out var low1);
            Vector.Widen(high, out var high0, out var high1);
            var weight = new Vector<int>(weights[i]);
            a += Vector.AsVectorInt32(low0) * weight;
            b += Vector.AsVectorInt32(low1) * weight;
            c += Vector.AsVectorInt32(high0) * weight;
            d += Vector.AsVectorInt32(high1) * weight;
        }

        return Vector.Narrow(Vector.Narrow(Clip(a), Clip(b)), Vector.Narrow(Clip(c), Clip(d)));
    }

    private static Vector<uint> Clip(Vector<int> sum) =>
        Vector.AsVectorUInt32(Vector.Min(Vector.Max(sum >> ResizeKernel.FractionBits, Vector<int>.Zero), new Vector<int>(byte.MaxValue)));

    private static byte Clip(int value) => (byte)Math.Clamp(value, byte.MinValue, byte.MaxValue);

    private static void CheckLength(int length, int width, int height, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length, checked(width * height * Channels), parameter);
    }
}
