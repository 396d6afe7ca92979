using System.Buffers.Binary;
using System.Text;
using ReidCloud.Pickles;

namespace ReidCloud.Weights;

/// <summary>
/// The pickle of an ordered dictionary of tensors, each with a storage of its own whose key is its place: protocol 2, as torch.save's, by opcodes that
/// <see cref="PickleReader"/> and PyTorch's own closed unpickler (torch/_weights_only_unpickler.py) obey.
/// </summary>
internal sealed class StateDictPickle
{
    private readonly MemoryStream _bytes = new();

    private StateDictPickle()
    {
    }

    public static byte[] Write(IReadOnlyList<WeightsEntry> entries)
    {
        var pickle = new StateDictPickle();
        pickle.Put("\u0080\u0002");
        pickle.OrderedDict();
        pickle.Put("(");
        foreach (var (key, entry) in entries.Index())
        {
            pickle.Text(entry.Name);
            pickle.Tensor(key, entry.Source.Type, entry.Source.Shape);
        }

        pickle.Put("u.");
        return pickle._bytes.ToArray();
    }

    private void Tensor(int key, TensorType type, IReadOnlyList<long> shape)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Put("((");
        Text("storage");
        Global("torch", type.StorageName());
        Text(key.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Text("cpu");
        Number(shape.Aggregate(1L, (product, size) => product * size));
        Put("tQ");
        Number(0);
        Tuple(shape);
        Tuple(StoredTensor.RowMajor(shape));
        Put("\u0089");
        OrderedDict();
        Put("tR");
    }

    private void OrderedDict()
    {
        Global("collections", "OrderedDict");
        Put(")R");
    }

    private void Tuple(IReadOnlyList<long> numbers)
    {
        Put("(");
        foreach (var number in numbers)
        {
            Number(number);
        }

        Put("t");
    }

    private void Number(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        var isShort = value is >= int.MinValue and <= int.MaxValue;
        Put(isShort ? "J" : "\u008a\u0008");
        _bytes.Write(isShort ? bytes[..sizeof(int)] : bytes);
    }

    private void Text(string text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, Encoding.UTF8.GetByteCount(text));
        Put("X");
        _bytes.Write(length);
        _bytes.Write(Encoding.UTF8.GetBytes(text));
    }

    private void Global(string module, string name) => Put($"c{module}\n{name}\n");

    private void Put(string opcodes) => _bytes.Write(Encoding.Latin1.GetBytes(opcodes));
}
