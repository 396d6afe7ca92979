using System.Buffers.Binary;

namespace ReidCloud.Datasets;

/// <summary>
/// Pieces of an HDF5 file, taken where they lie: little-endian, addresses relative to the file's own begin, of eight bytes. A sound file needs each byte about once; whatever would
/// be read many times over is a trap.
/// </summary>
internal sealed class Hdf5Bytes(Stream stream, string name)
{
    private const int MostReads = 4;
    private const int Slack = 1 << 20;
    private long _left = (MostReads * stream.Length) + Slack;

    /// <summary>"Nowhere" as an address.</summary>
    public const ulong Undefined = ulong.MaxValue;

    public string Name => name;

    /// <summary>What stands in front of the file's own begin: MATLAB puts 512 bytes there.</summary>
    public long Base { get; set; }

    public long Length => stream.Length - Base;

    /// <exception cref="Hdf5Exception">They are not all in the file.</exception>
    public byte[] Read(ulong address, long length, string what)
    {
        if (length < 0 || length > Length || address > (ulong)(Length - length))
        {
            throw Fault($"{what} lies outside the file");
        }

        return ReadUpTo(address, (int)Math.Min(length, Array.MaxLength)) is var bytes && bytes.Length == length ? bytes : throw Fault($"{what} is cut off");
    }

    /// <summary>Fewer where the file ends.</summary>
    public byte[] ReadUpTo(ulong address, int most)
    {
        var bytes = new byte[(int)Math.Clamp(Length - (long)Math.Min(address, long.MaxValue), 0, most)];
        _left -= bytes.Length;
        if (_left < 0)
        {
            throw Fault("its parts overlap, so that it would be read many times over");
        }

        stream.Position = Base + (long)Math.Min(address, (ulong)Length);
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? bytes : throw Fault("it is cut off");
    }

    public Hdf5Exception Fault(string what) => new($"{name} is damaged: {what}. Get it again.");

    public Hdf5Exception NotRead(string what) => new($"{name} has {what}, which is not read here. Save it as MATLAB's save(…, '-v7.3') writes it.");

    public static ulong UInt64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    public static uint UInt32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public static ushort UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
