namespace ReidCloud.Datasets;

/// <summary>
/// Reads what MATLAB's save(…, '-v7.3') and HDF5 libraries up to 1.10 write by default (HDF5 File Format Specification 3.0): superblocks 0 to 3 behind a user block of any length, old and
/// new object headers, groups of symbol tables and of links in the header, and arrays that are contiguous, compact or in chunks under a B-tree of version 1, deflated and shuffled or not.
/// Closed: whatever else a file has is named and refused. Only the parts asked for are read, so the file may be of any size.
/// </summary>
public sealed class Hdf5File
{
    private static readonly byte[] Signature = [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    private const int LongestUserBlock = 1 << 20;
    private const int ShortestUserBlock = 512;
    private const int LengthOfAddresses = 8;
    private readonly Hdf5Bytes _bytes;
    private readonly ulong _root;

    private Hdf5File(Hdf5Bytes bytes, ulong root) => (_bytes, _root) = (bytes, root);

    public string Name => _bytes.Name;

    /// <summary>So much of a file says whether it is one, with a user block as MATLAB's or with none.</summary>
    public const int LongestHead = 520;

    /// <summary>Does a file begin as HDF5 does?</summary>
    /// <param name="head"><see cref="LongestHead"/> bytes, where there are so many.</param>
    public static bool Begins(ReadOnlySpan<byte> head) =>
        head.StartsWith(Signature) || (head.Length >= ShortestUserBlock && head[ShortestUserBlock..].StartsWith(Signature));

    /// <param name="stream">Seekable; stays open and in use.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="Hdf5Exception"/>
    public static Hdf5File Open(Stream stream, string name)
    {
        var bytes = new Hdf5Bytes(stream, name);
        for (long at = 0; at <= LongestUserBlock && at < stream.Length; at = at == 0 ? ShortestUserBlock : at * 2)
        {
            bytes.Base = at;
            if (bytes.ReadUpTo(0, Superblock) is var superblock && superblock.AsSpan().StartsWith(Signature))
            {
                return new Hdf5File(bytes, RootOf(bytes, superblock));
            }
        }

        throw new Hdf5Exception($"{name} is no HDF5 file. MATLAB writes one by save(…, '-v7.3').");
    }

    /// <summary>What the root group holds, by name.</summary>
    /// <exception cref="Hdf5Exception"/>
    public IReadOnlyDictionary<string, ulong> Root() => Hdf5Group.Members(_bytes, Hdf5Object.Read(_bytes, _root, "the root group"));

    /// <summary>An array by its address: a member's, or a reference's.</summary>
    /// <param name="what">What it is called in messages.</param>
    /// <exception cref="Hdf5Exception">There is none, or it is stored as is not read here.</exception>
    public Hdf5Array Array(ulong address, string what) => Hdf5Array.Of(_bytes, Hdf5Object.Read(_bytes, address, what), what);

    /// <summary>Of the older superblock, its longest part.</summary>
    private const int Superblock = 96;

    private static ulong RootOf(Hdf5Bytes bytes, ReadOnlySpan<byte> superblock)
    {
        var version = superblock.Length > 12 ? superblock[8] : throw bytes.Fault("it ends within its first block");
        var isOld = version <= 1;
        var (addresses, lengths) = isOld && superblock.Length > 14 ? (superblock[13], superblock[14]) : (superblock[9], superblock[10]);
        if (version > 3 || addresses != LengthOfAddresses || lengths != LengthOfAddresses)
        {
            throw bytes.NotRead($"a first block of version {version} with addresses of {addresses} bytes and lengths of {lengths}");
        }

        // Behind the base address stand three more; the entry of an old file's root has the offset of its name first.
        var at = isOld ? 24 + (version * 4) : 12;
        var root = at + (isOld ? 5 : 3) * LengthOfAddresses;
        return superblock.Length < root + LengthOfAddresses ? throw bytes.Fault("it ends within its first block")
            : Hdf5Bytes.UInt64(superblock[at..]) is var begin && begin != (ulong)bytes.Base ? throw bytes.Fault($"it says that it begins at byte {begin}, but it does at {bytes.Base}")
            : Hdf5Bytes.UInt64(superblock[root..]);
    }
}
