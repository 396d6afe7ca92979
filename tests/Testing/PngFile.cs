using System.Buffers.Binary;
using System.IO.Compression;

namespace ReidCloud.Tests.Testing;

/// <summary>Writes PNG files of every color type, bit depth and interlacing, from samples, for decoders to read back.</summary>
internal static class PngFile
{
    /// <summary>The samples of one pixel after the other, row after row. Each row takes the next of the filters.</summary>
    public static byte[] Write(
        int width, int height, int colorType, int bits, int[] samples, bool interlaced, byte[]? palette = null, byte[]? transparency = null, params int[] filters)
    {
        var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var (x, y, stepX, stepY) in interlaced ? Adam7 : [(0, 0, 1, 1)])
            {
                WritePass(deflate, x, y, stepX, stepY);
            }
        }

        var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(file, "IHDR"u8, [.. Number(width), .. Number(height), (byte)bits, (byte)colorType, 0, 0, (byte)(interlaced ? 1 : 0)]);
        if (palette is not null)
        {
            Chunk(file, "PLTE"u8, palette);
        }

        if (transparency is not null)
        {
            Chunk(file, "tRNS"u8, transparency);
        }

        Chunk(file, "IDAT"u8, data.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();

        void WritePass(Stream deflate, int startX, int startY, int stepX, int stepY)
        {
            var channels = samples.Length / (width * height);
            var columns = (width - startX + stepX - 1) / stepX;
            var above = new byte[((columns * channels * bits) + 7) / 8];
            for (var y = startY; y < height && columns > 0; y += stepY)
            {
                var row = new byte[above.Length];
                for (var i = 0; i < columns * channels; i++)
                {
                    var sample = samples[(((y * width) + startX + (i / channels * stepX)) * channels) + (i % channels)];
                    Put(row, i, sample);
                }

                var filter = filters.Length == 0 ? 0 : filters[y % filters.Length];
                deflate.WriteByte((byte)filter);
                deflate.Write(Filtered(filter, row, above, Math.Max(1, channels * bits / 8)));
                above = row;
            }
        }

        void Put(byte[] row, int index, int sample)
        {
            if (bits == 16)
            {
                BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(2 * index), (ushort)sample);
            }
            else
            {
                row[index * bits / 8] |= (byte)(sample << (8 - bits - (index * bits % 8)));
            }
        }
    }

    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>PNG specification §9.2, word for word.</summary>
    private static byte[] Filtered(int filter, byte[] row, byte[] above, int pixelBytes) =>
        [.. row.Select((value, i) =>
        {
            int a = i < pixelBytes ? 0 : row[i - pixelBytes], b = above[i], c = i < pixelBytes ? 0 : above[i - pixelBytes];
            var (pa, pb, pc) = (Math.Abs(b - c), Math.Abs(a - c), Math.Abs(a + b - c - c));
            return (byte)(value - filter switch
            {
                0 => 0,
                1 => a,
                2 => b,
                3 => (a + b) / 2,
                _ => pa <= pb && pa <= pc ? a : pb <= pc ? b : c,
            });
        })];

    /// <summary>Writes a chunk with its checksum.</summary>
    public static void Chunk(Stream file, ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] typed = [.. type, .. data];
        var crc = uint.MaxValue;
        foreach (var octet in typed)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        file.Write(Number(data.Length));
        file.Write(typed);
        file.Write(Number((int)~crc));
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
