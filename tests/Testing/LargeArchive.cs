using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ReidCloud.Datasets;

namespace ReidCloud.Tests.Testing;

/// <summary>
/// A zip of one JPEG very many times, stored, written front to back with next to nothing of it in memory, in 64-bit form. No two pictures have the same bytes: each
/// has its number in a comment.
/// </summary>
internal sealed class LargeArchive : IDisposable
{
    /// <summary>Of an identity, where names say who is seen.</summary>
    private const int FramesOfIdentity = 50;
    private const int Cameras = 6;
    private const int TrackletFrames = 50;
    private const int TrackletsOfIdentity = 16;

    private readonly Stream _to;
    private readonly Stream _directory = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
    private readonly byte[] _picture;
    private long _at;
    private int _entries;

    private LargeArchive(Stream to, byte[] jpeg) => (_to, _picture) = (to, [.. jpeg[..2], 0xFF, 0xFE, 0, 6, 0, 0, 0, 0, .. jpeg[2..]]);

    /// <summary>In the arrangement of Market-1501: half of the identities train, or so many; of the others one image of each camera is a query.</summary>
    public static void WriteMarket(Stream to, int frames, byte[] jpeg, int trained = int.MaxValue)
    {
        using var zip = new LargeArchive(to, jpeg);
        for (var frame = 0; frame < frames; frame++)
        {
            var (identity, of) = Math.DivRem(frame, FramesOfIdentity);
            var folder = identity % 2 == 0 && identity / 2 < trained ? "bounding_box_train" : of < Cameras ? "query" : "bounding_box_test";
            zip.AddPicture(string.Create(CultureInfo.InvariantCulture, $"Market-1501-v15.09.15/{folder}/{identity + 1:D4}_c{(of % Cameras) + 1}s{(of % 3) + 1}_{frame:D6}_01.jpg"));
        }

        zip.Finish();
    }

    /// <summary>In the arrangement of MARS, with its lists and tables: tracklets of 50 frames, 16 of an identity; half of the identities train, a tracklet of each other is a query.</summary>
    public static void WriteMars(Stream to, int frames, byte[] jpeg)
    {
        using var zip = new LargeArchive(to, jpeg);
        var identities = frames / (TrackletFrames * TrackletsOfIdentity);
        foreach (var (split, first, last) in new[] { ("train", 1, identities / 2), ("test", (identities / 2) + 1, identities) })
        {
            var (names, rows, queries) = (new StringBuilder(), new List<(int Start, int End, int Identity, int Camera)>(), new List<double>());
            for (var identity = first; identity <= last; identity++)
            {
                for (var tracklet = 0; tracklet < TrackletsOfIdentity; tracklet++)
                {
                    var (camera, before) = ((tracklet % Cameras) + 1, rows.Count * TrackletFrames);
                    for (var frame = 0; frame < TrackletFrames; frame++)
                    {
                        var name = string.Create(CultureInfo.InvariantCulture, $"{identity:D4}C{camera}T{tracklet + 1:D4}F{frame + 1:D3}.jpg");
                        names.Append(name).Append('\n');
                        zip.AddPicture($"MARS/bbox_{split}/{identity:D4}/{name}");
                    }

                    rows.Add((before + 1, before + TrackletFrames, identity, camera));
                    if (tracklet == 0)
                    {
                        queries.Add(rows.Count);
                    }
                }
            }

            var columns = new Func<(int Start, int End, int Identity, int Camera), double>[] { row => row.Start, row => row.End, row => row.Identity, row => row.Camera };
            zip.Add($"MARS/info/{split}_name.txt", Encoding.ASCII.GetBytes(names.ToString()));
            zip.Add($"MARS/info/tracks_{split}_info.mat", MatFileWriter.Write((new MatMatrix($"track_{split}_info", rows.Count, 4, [.. columns.SelectMany(rows.Select)]), MatType.Int32)));
            if (split == "test")
            {
                zip.Add("MARS/info/query_IDX.mat", MatFileWriter.Write((new MatMatrix("query_IDX", 1, queries.Count, [.. queries]), MatType.UInt16)));
            }
        }

        zip.Finish();
    }

    public void Dispose() => _directory.Dispose();

    private void AddPicture(string name)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_picture.AsSpan(6), _entries);
        Add(name, _picture);
    }

    private void Add(string name, ReadOnlySpan<byte> content)
    {
        Span<byte> header = stackalloc byte[46];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x02014B50);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 45);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 45);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], Crc32.Of(content));
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], content.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[28..], (ushort)name.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[42..], checked((uint)_at));
        _directory.Write(header);
        var letters = Encoding.ASCII.GetBytes(name);
        _directory.Write(letters);

        // The local header is the directory's record without what only that has.
        Span<byte> local = stackalloc byte[30];
        BinaryPrimitives.WriteUInt32LittleEndian(local, 0x04034B50);
        header[6..32].CopyTo(local[4..]);
        _to.Write(local);
        _to.Write(letters);
        _to.Write(content);
        _at += local.Length + name.Length + content.Length;
        _entries++;
    }

    private void Finish()
    {
        var length = _directory.Length;
        _directory.Position = 0;
        _directory.CopyTo(_to);
        using var end = new BinaryWriter(_to, Encoding.ASCII, leaveOpen: true);
        end.Write(0x06064B50u);
        end.Write(44UL);
        end.Write((ushort)45);
        end.Write((ushort)45);
        end.Write(0UL);
        end.Write((ulong)_entries);
        end.Write((ulong)_entries);
        end.Write((ulong)length);
        end.Write((ulong)_at);
        end.Write(0x07064B50u);
        end.Write(0u);
        end.Write((ulong)(_at + length));
        end.Write(1u);
        end.Write(0x06054B50u);
        end.Write(0u);
        end.Write(uint.MaxValue);
        end.Write(uint.MaxValue);
        end.Write((uint)_at);
        end.Write((ushort)0);
    }

    /// <summary>Its size (128 × 64), the beginning of a scan, filling up to a length, its end: what tells whether it is a whole JPEG, and nothing to decode.</summary>
    public static byte[] Hollow(int length)
    {
        ReadOnlySpan<byte> head =
        [
            0xFF, 0xD8,
            0xFF, 0xC0, 0, 17, 8, 0, 128, 0, 64, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1,
            0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0,
        ];
        var picture = new byte[Math.Max(length, head.Length + 2)];
        head.CopyTo(picture);
        (picture[^2], picture[^1]) = (0xFF, 0xD9);
        return picture;
    }
}
