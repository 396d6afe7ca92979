using System.Text;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Weights;

/// <summary>A pickle written opcode by opcode, so that every way of being hostile can be had, and files of torch.save around it.</summary>
internal sealed class PickleBytes
{
    private readonly MemoryStream _bytes = new();

    public PickleBytes(byte protocol = 2) => Add(0x80, protocol);

    public PickleBytes Add(params byte[] bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public PickleBytes Add(string opcodes) => Add(Encoding.Latin1.GetBytes(opcodes));

    public PickleBytes Global(string module, string name) => Add($"c{module}\n{name}\n");

    public PickleBytes Text(string text) => Add((byte)'X').Add(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text))).Add(Encoding.UTF8.GetBytes(text));

    /// <summary>As Python 2 wrote a string.</summary>
    public PickleBytes Old(string text) => Add((byte)'U', (byte)text.Length).Add(text);

    public PickleBytes List(IEnumerable<string> texts) => texts.Aggregate(Add("]("), (to, text) => to.Text(text)).Add("e");

    public PickleBytes Marks(IEnumerable<int> marks) => marks.Aggregate(Add("]("), (to, mark) => to.Add((byte)'K', (byte)mark)).Add("e");

    public PickleBytes Number(long value) => Add(0x8A, 8).Add(BitConverter.GetBytes(value));

    public PickleBytes Tuple(params long[] values)
    {
        Add("(");
        foreach (var value in values)
        {
            Number(value);
        }

        return Add("t");
    }

    /// <summary>('storage', torch.FloatStorage, key, 'cpu', count), by persistent id.</summary>
    public PickleBytes Storage(string key = "0", long count = 4, string type = "FloatStorage") =>
        Add("(").Text("storage").Global("torch", type).Text(key).Text("cuda:0").Number(count).Add("tQ");

    public PickleBytes Tensor(long[] shape, long[] strides, long offset = 0, string key = "0", long count = 4) =>
        Global("torch._utils", "_rebuild_tensor_v2").Add("(").Storage(key, count).Number(offset).Tuple(shape).Tuple(strides).Add(0x89).Add("}tR");

    public byte[] Done() => Add(".")._bytes.ToArray();

    /// <summary>{'w': …} with one value.</summary>
    public static PickleBytes Dict(Func<PickleBytes, PickleBytes> value) => value(new PickleBytes().Add("}").Text("w")).Add("s");

    /// <summary>Bytes before the object in a legacy file: magic number, protocol, the machine.</summary>
    public static byte[] LegacyHead { get; } =
    [
        .. Convert.FromHexString("80028A0A6CFC9C46F9206AA850192E"),
        .. Convert.FromHexString("80024DE9032E"),
        .. new PickleBytes().Add("}").Text("little_endian").Add(0x88).Add("s").Done(),
    ];

    /// <summary>A legacy file whose one storage has four floats 1, 2, 3, 4.</summary>
    public static byte[] Legacy(byte[] pickle, string key = "0", long count = 4) =>
        [.. LegacyHead, .. pickle, .. new PickleBytes().Add("]").Text(key).Add("a").Done(), .. BitConverter.GetBytes(count), .. Floats];

    public static byte[] Zip(byte[] pickle, params ZipPart[] more) =>
        HandmadeZip.Write([new ZipPart("a/data.pkl", pickle), new ZipPart("a/byteorder", "little"u8.ToArray()), new ZipPart("a/data/0", Floats), .. more]);

    public static byte[] Floats { get; } = [.. new float[] { 1, 2, 3, 4 }.SelectMany(BitConverter.GetBytes)];
}
