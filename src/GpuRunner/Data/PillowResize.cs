using System.Buffers;
using System.Runtime.CompilerServices;
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

    /// <summary>So many pixels of a row are in a register of 16 bytes, and a fifth is not needed often enough.</summary>
    private const int PixelsAtOnce = 4;

    /// <summary>A register that begins at the last pixel of a row reaches so far beyond it, at most.</summary>
    private const int Beyond = 16;

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

    /// <summary>Two rows at a time, which are weighted alike.</summary>
    private static void ResizeWidth(ReadOnlySpan<byte> source, int width, Span<byte> target, int newWidth, int height, ResizeFilter filter)
    {
        var kernel = ResizeKernel.For(width, newWidth, filter);
        var (rowBytes, newRowBytes) = (width * Channels, newWidth * Channels);
        var edge = ArrayPool<byte>.Shared.Rent(2 * (rowBytes + Beyond));
        for (var y = 0; y < height; y += 2)
        {
            var next = Math.Min(y + 1, height - 1);
            ResizeRows(
                Row(source, y, rowBytes, edge),
                Row(source, next, rowBytes, edge.AsSpan(rowBytes + Beyond)),
                target.Slice(y * newRowBytes, newRowBytes),
                target.Slice(next * newRowBytes, newRowBytes),
                kernel);
        }

        ArrayPool<byte>.Shared.Return(edge);
    }

    /// <summary>A row and some bytes behind it, whatever they are: what is behind the picture's end must not be read, so its last rows are copied.</summary>
    private static ReadOnlySpan<byte> Row(ReadOnlySpan<byte> source, int y, int rowBytes, Span<byte> edge)
    {
        var from = source[(y * rowBytes)..];
        if (from.Length >= rowBytes + Beyond)
        {
            return from[..(rowBytes + Beyond)];
        }

        from[..rowBytes].CopyTo(edge);
        return edge[..(rowBytes + Beyond)];
    }

    private static void ResizeRows(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<byte> newUpper, Span<byte> newLower, ResizeKernel kernel)
    {
        // Nothing is checked in here: kernels lie within the row, and a load of 16 bytes ends within Beyond.
        ref var fromUpper = ref MemoryMarshal.GetReference(upper);
        ref var fromLower = ref MemoryMarshal.GetReference(lower);
        ref var toUpper = ref MemoryMarshal.GetReference(newUpper);
        ref var toLower = ref MemoryMarshal.GetReference(newLower);
        var end = (nuint)newUpper.Length;
        var x = 0;
        for (nuint to = 0; to < end; to += Channels, x++)
        {
            var weights = kernel.Weights(x);
            var at = (nuint)(kernel.Start(x) * Channels);
            var sum = Vector256.Create(Half);
            for (; weights.Length > PixelsAtOnce; weights = weights[PixelsAtOnce..], at += PixelsAtOnce * Channels)
            {
                sum = AddPixels(sum, Load(ref fromUpper, ref fromLower, at), weights[..PixelsAtOnce]);
            }

            sum = AddPixels(sum, Load(ref fromUpper, ref fromLower, at), weights) >> ResizeKernel.FractionBits;
            sum = Vector256.Min(Vector256.Max(sum, Vector256<int>.Zero), Vector256.Create((int)byte.MaxValue));
            WritePixel(sum.GetLower(), ref Unsafe.Add(ref toUpper, to), isLast: to + Channels == end);
            WritePixel(sum.GetUpper(), ref Unsafe.Add(ref toLower, to), isLast: to + Channels == end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Load(ref byte upper, ref byte lower, nuint at) =>
        Vector256.Create(Vector128.LoadUnsafe(ref upper, at), Vector128.LoadUnsafe(ref lower, at));

    /// <summary>Adds one to four pixels of each row, each times its weight: red, green, blue and nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> AddPixels(Vector256<int> sum, Vector256<byte> rows, ReadOnlySpan<int> weights)
    {
        const byte No = byte.MaxValue;
        sum += Vector256.Shuffle(rows, Vector256.Create(
            0, No, No, No, 1, No, No, No, 2, No, No, No, No, No, No, No, 16, No, No, No, 17, No, No, No, 18, No, No, No, No, No, No, No)).AsInt32() * weights[0];
        if (weights.Length > 1)
        {
            sum += Vector256.Shuffle(rows, Vector256.Create(
                3, No, No, No, 4, No, No, No, 5, No, No, No, No, No, No, No, 19, No, No, No, 20, No, No, No, 21, No, No, No, No, No, No, No)).AsInt32() * weights[1];
        }

        if (weights.Length > 2)
        {
            sum += Vector256.Shuffle(rows, Vector256.Create(
                6, No, No, No, 7, No, No, No, 8, No, No, No, No, No, No, No, 22, No, No, No, 23, No, No, No, 24, No, No, No, No, No, No, No)).AsInt32() * weights[2];
        }

        if (weights.Length > 3)
        {
            sum += Vector256.Shuffle(rows, Vector256.Create(
                9, No, No, No, 10, No, No, No, 11, No, No, No, No, No, No, No, 25, No, No, No, 26, No, No, No, 27, No, No, No, No, No, No, No)).AsInt32() * weights[3];
        }

        return sum;
    }

    /// <summary>A pixel is written as four bytes, of which the next pixel overwrites the last; behind the last pixel there may be somebody else's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WritePixel(Vector128<int> levels, ref byte to, bool isLast)
    {
        var pixel = Vector128.Shuffle(levels.AsByte(), Vector128.Create((byte)0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).AsUInt32()[0];
        if (isLast)
        {
            Unsafe.WriteUnaligned(ref to, (ushort)pixel);
            Unsafe.Add(ref to, 2) = (byte)(pixel >> 16);
        }
        else
        {
            Unsafe.WriteUnaligned(ref to, pixel);
        }
    }

    private static void ResizeHeight(ReadOnlySpan<byte> source, int height, Span<byte> target, int newHeight, int width, ResizeFilter filter)
    {
        var kernel = ResizeKernel.For(height, newHeight, filter);
        var rowBytes = width * Channels;
        for (var y = 0; y < newHeight; y++)
        {
            var weights = kernel.Weights(y);
            var rows = source.Slice(kernel.Start(y) * rowBytes, weights.Length * rowBytes);
            var row = target.Slice(y * rowBytes, rowBytes);
            if (rowBytes >= Vector256<byte>.Count)
            {
                AddRows(rows, weights, row);
            }
            else
            {
                AddNarrowRows(rows, weights, row);
            }
        }
    }

    /// <summary>The weighted sum of rows, as many neighboring bytes at once as a register holds; the last ones overlap those before.</summary>
    private static void AddRows(ReadOnlySpan<byte> rows, ReadOnlySpan<int> weights, Span<byte> sum)
    {
        ref var from = ref MemoryMarshal.GetReference(rows);
        ref var to = ref MemoryMarshal.GetReference(sum);
        var last = sum.Length - Vector256<byte>.Count;
        for (var x = 0; ; x = Math.Min(x + Vector256<byte>.Count, last))
        {
            var (a, b, c, d) = (Vector256.Create(Half), Vector256.Create(Half), Vector256.Create(Half), Vector256.Create(Half));
            var at = (nuint)x;
            foreach (var weight in weights)
            {
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, at));
                var (low0, low1) = Vector256.Widen(low);
                var (high0, high1) = Vector256.Widen(high);
                a += low0.AsInt32() * weight;
                b += low1.AsInt32() * weight;
                c += high0.AsInt32() * weight;
                d += high1.AsInt32() * weight;
                at += (nuint)sum.Length;
            }

            Vector256.NarrowWithSaturation(Clip(a, b), Clip(c, d)).StoreUnsafe(ref to, (nuint)x);
            if (x == last)
            {
                return;
            }
        }
    }

    private static void AddNarrowRows(ReadOnlySpan<byte> rows, ReadOnlySpan<int> weights, Span<byte> sums)
    {
        for (var x = 0; x < sums.Length; x++)
        {
            var sum = Half;
            for (var i = 0; i < weights.Length; i++)
            {
                sum += rows[(i * sums.Length) + x] * weights[i];
            }

            sums[x] = (byte)Math.Clamp(sum >> ResizeKernel.FractionBits, byte.MinValue, byte.MaxValue);
        }
    }

    /// <summary>Not below 0; what is above 255 becomes that when it is narrowed once more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Clip(Vector256<int> low, Vector256<int> high) => Vector256.Max(
        Vector256.NarrowWithSaturation(low >> ResizeKernel.FractionBits, high >> ResizeKernel.FractionBits), Vector256<short>.Zero).AsUInt16();

    private static void CheckLength(int length, int width, int height, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length, checked(width * height * Channels), parameter);
    }
}
