namespace TorchSharp.Utils;

/// <summary>Non-negative numbers in seven-bit groups, lowest first; the high bit says that more follow.</summary>
internal static class LEB128Codec
{
    internal static void Encode(this BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        for (; value >= 0x80; value >>= 7) writer.Write((byte)(value | 0x80));
        writer.Write((byte)value);
    }

    internal static long Decode(this BinaryReader reader)
    {
        var result = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var part = reader.ReadByte();
            result |= (long)(part & 0x7f) << shift;
            if (part < 0x80) return result;
        }
    }
}
