using System.Text;
using ReidCloud.Pickles;

namespace ReidCloud.Datasets;

/// <summary>
/// The closed list of names in pickles of lists, dictionaries, and NumPy's arrays and numbers, of protocol 2 to 4 by Python 2 and 3. From numpy/core/src/multiarray/methods.c
/// (array_reduce), descriptor.c (arraydescr_reduce) and scalartypes.c.src, and, of NumPy 2, numpy/_core.
/// </summary>
internal sealed class NumpyObjects : PickleObjects
{
    private const string Encode = "_codecs.encode";
    private static readonly HashSet<string> Bytes = ["__builtin__.bytes", "builtins.bytes"];
    private static readonly HashSet<string> Reconstruct = ["numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"];
    private static readonly HashSet<string> Scalar = ["numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"];
    private const string Array = "numpy.ndarray";
    private const string Dtype = "numpy.dtype";
    private const string Ordered = "collections.OrderedDict";

    private long _encoded;

    /// <summary>The names of 36,823 images as NumPy's texts take 3.5 MB.</summary>
    public override int LongestText => (int)PickleLimits.Bytes;

    public override bool HasPlainBytes => true;

    public override DatasetException Fault(string message) => new(new Finding(
        FindingSeverity.Error, "bad-pickle", $"{message} Save lists, dictionaries, and NumPy's arrays and numbers alone: pickle.dump(partitions, file, protocol=2)", 1, []));

    public override PickleName Name(string name, string place) =>
        name is Encode or Array or Dtype or Ordered || Bytes.Contains(name) || Reconstruct.Contains(name) || Scalar.Contains(name)
            ? new PickleName(name)
            : throw Fault($"{place}: the file asks for {ForeignText.Shown(name)}, which is no part of lists of names; nothing was executed.");

    public override object? Call(string name, object?[] arguments, string place) => arguments switch
    {
        [] when name == Ordered => new PickleDict(),
        [] when Bytes.Contains(name) => System.Array.Empty<byte>(),
        [string text, "latin1" or "latin-1"] when name == Encode => Latin1(text, place),
        [PickleName { Name: Array }, PickleTuple, _] when Reconstruct.Contains(name) => new NumpyArray(),
        [string text, ..] when name == Dtype && arguments.Length <= 3 && NumpyType.Of(text) is { } type => type,
        [NumpyType type, var content] when Scalar.Contains(name) && RawOf(content) is { } raw && raw.Length == type.Bytes => type.Item(raw),
        _ => throw Fault($"{place}: {ForeignText.Shown(name)} is called with {arguments.Length} arguments in a way that NumPy does not for names and whole numbers."),
    };

    public override object New(string name, object?[] arguments, string place) => throw Fault($"{place}: {ForeignText.Shown(name)} is made in a way that NumPy does not (NEWOBJ).");

    public override object Persistent(object? identity, string place) => throw Fault($"{place}: it names an object outside of the file.");

    public override bool Build(object? target, object? state)
    {
        switch (target, state)
        {
            case (PickleDict, PickleDict):
                return true;
            case (NumpyType type, PickleTuple { Items: [long, "<" or "|" or ">" or "=", ..] items }):
                type.IsBigEndian = items[1] is ">";
                return true;
            case (NumpyArray { Type: null } array, PickleTuple { Items: [long, PickleTuple { Items: [long count] }, NumpyType type, bool, var content] })
                when count is >= 0 and <= PickleLimits.Opcodes:
                (array.Type, array.Count, array.Content) = (type, (int)count, type.Kind == 'O' ? content as List<object?> : RawOf(content));
                return array.Content is List<object?> objects ? objects.Count == count : array.Content is byte[] raw && raw.Length == count * type.Bytes;
            default:
                return false;
        }
    }

    private static byte[]? RawOf(object? content) => content switch
    {
        byte[] bytes => bytes,
        string text when text.All(letter => letter <= byte.MaxValue) => Encoding.Latin1.GetBytes(text),
        _ => null,
    };

    /// <summary>How Python 3 writes bytes by protocol 2. One text can be named in any number of calls, so what comes of them is counted.</summary>
    private byte[] Latin1(string text, string place)
    {
        _encoded += text.Length;
        return _encoded <= PickleLimits.Bytes && RawOf(text) is { } bytes
            ? bytes
            : throw Fault($"{place}: more bytes than the {PickleLimits.Bytes} that a pickle can hold, or others than Latin-1.");
    }
}
