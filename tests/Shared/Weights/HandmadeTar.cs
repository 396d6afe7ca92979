using System.Text;

namespace ReidCloud.Tests.Shared.Weights;

/// <summary>A tar written byte by byte, and the file of an old torch.save in it: one storage of four floats, one tensor of it.</summary>
internal static class HandmadeTar
{
    private const int Block = 512;

    public static byte[] Write(params (string Name, byte[] Content)[] members) =>
        [.. members.SelectMany(member => Member(member.Name, member.Content)), .. new byte[2 * Block]];

    public static byte[] Member(string name, byte[] content, char type = '0', long? size = null)
    {
        var header = new byte[Block];
        Encoding.Latin1.GetBytes(name).CopyTo(header, 0);
        Encoding.ASCII.GetBytes(Convert.ToString(size ?? content.Length, 8).PadLeft(11, '0')).CopyTo(header, 124);
        header[156] = (byte)type;
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return [.. header, .. content, .. new byte[(Block - (content.Length % Block)) % Block]];
    }

    /// <summary>What is null is as torch.save writes it.</summary>
    public static byte[] Pytorch(byte[]? pickle = null, byte[]? tensors = null, byte[]? storages = null, byte[]? machine = null) => Write(
        ("sys_info", machine ?? new PickleBytes().Add("}").Text("little_endian").Add(0x88).Add("s").Done()),
        ("pickle", pickle ?? PickleBytes.Dict(p => p.Text("7").Add("Q")).Done()),
        ("tensors", tensors ?? Tensors()),
        ("storages", storages ?? Storages()));

    public static byte[] Tensors(long[]? shape = null, long[]? strides = null, long offset = 0, int? dimensions = null, long storage = 5, long count = 1, string type = "FloatTensor") =>
    [
        .. Count(count),
        .. new PickleBytes().Number(7).Number(storage).Global("torch", type).Add(0x87).Done(),
        .. BitConverter.GetBytes((long)(dimensions ?? (shape ?? [2, 2]).Length)),
        .. (shape ?? [2, 2]).Concat(strides ?? [2, 1]).Append(offset).SelectMany(BitConverter.GetBytes),
    ];

    public static byte[] Storages(long count = 1, long numbers = 4, byte[]? views = null) =>
    [
        .. Count(count),
        .. new PickleBytes().Number(5).Text("cuda:0").Global("torch", "FloatStorage").Add(0x87).Done(),
        .. BitConverter.GetBytes(numbers),
        .. PickleBytes.Floats,
        .. views ?? new PickleBytes().Add("]").Done(),
    ];

    public static byte[] View(long key, long root, long offset, long numbers) => new PickleBytes().Add("]").Tuple(key, root, offset, numbers).Add("a").Done();

    private static byte[] Count(long count) => new PickleBytes().Number(count).Done();
}
