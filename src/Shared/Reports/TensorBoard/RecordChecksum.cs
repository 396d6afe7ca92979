using System.Numerics;

namespace ReidCloud.Reports.TensorBoard;

/// <summary>The masked CRC-32C (Castagnoli) of TensorFlow's records: rotated right by 15 and added to, because records may hold check sums themselves.</summary>
public static class RecordChecksum
{
    private const uint Mask = 0xA282EAD8;

    public static uint Of(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Crc32C(bytes), 15) + Mask;

    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        return ~crc;
    }
}
