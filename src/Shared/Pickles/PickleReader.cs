using System.Globalization;
using System.Numerics;
using System.Text;

namespace ReidCloud.Pickles;

/// <summary>
/// Reads one pickle of plain values by a closed list of opcodes and, in <see cref="PickleObjects"/>, of names. Nothing in it can run: a name is
/// never looked up anywhere, and what is called by one is an arm of a switch of ours. It neither recurses nor takes more than <see cref="PickleLimits"/>;
/// what stands outside the lists is refused by name and place. Opcodes are those of Python's pickletools.
/// </summary>
internal sealed class PickleReader
{
    private const int NewestProtocol = 5;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ByteCursor _bytes;
    private readonly string _file;
    private readonly PickleObjects _names;
    private readonly long _begin;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];

    private PickleReader(ByteCursor bytes, string file, PickleObjects names)
    {
        (_bytes, _file, _names, _begin) = (bytes, file, names, bytes.Position);
    }

    /// <summary>The value of the pickle that begins at the cursor, which is then behind it.</summary>
    /// <remarks>What holds something else than its objects and plain values, or is damaged, is a fault of <see cref="PickleObjects.Fault"/>.</remarks>
    public static object? Read(ByteCursor bytes, string file, PickleObjects names) => new PickleReader(bytes, file, names).Run();

    private object? Run()
    {
        for (var count = 0; ; count++)
        {
            var at = _bytes.Position;
            if (count == PickleLimits.Opcodes || at - _begin > PickleLimits.Bytes)
            {
                throw Fault(at, $"the pickle is longer than {PickleLimits.Opcodes} steps or {PickleLimits.Bytes} bytes, more than any list needs");
            }

            var opcode = _bytes.Next();
            if (opcode == '.')
            {
                return _stack.Count == 1 && _marks.Count == 0 ? _stack[0] : throw Fault(at, $"it ends with {_stack.Count} values where one is wanted");
            }

            Step((char)opcode, at);
        }
    }

    private void Step(char opcode, long at)
    {
        switch (opcode)
        {
            case '\x80': Protocol(_bytes.Next(), at); break;
            case '\x95': Frame(_bytes.NextUInt64(), at); break;
            case '(': Mark(at); break;

            case 'N': Push(null); break;
            case '\x88': Push(true); break;
            case '\x89': Push(false); break;
            case 'J': Push((long)_bytes.NextInt32()); break;
            case 'K': Push((long)_bytes.Next()); break;
            case 'M': Push((long)_bytes.NextUInt16()); break;
            case '\x8a': Push(Number(_bytes.Next(), at)); break;
            case '\x8b': Push(Number((uint)_bytes.NextInt32(), at)); break;
            case 'I': Push(Decimal(at)); break;
            case 'G': Push(_bytes.NextBigEndianDouble()); break;
            case '\x8c': Push(Text(_bytes.Next(), at)); break;
            case 'U': Push(Plain(_bytes.Next(), at)); break;
            case 'X': Push(Text((uint)_bytes.NextInt32(), at)); break;
            case 'T': Push(Plain((uint)_bytes.NextInt32(), at)); break;
            case '\x8d': Push(Text(_bytes.NextUInt64(), at)); break;
            case 'C': Push(Bytes(_bytes.Next(), at)); break;
            case 'B': Push(Bytes((uint)_bytes.NextInt32(), at)); break;
            case '\x8e': Push(Bytes(_bytes.NextUInt64(), at)); break;

            case ')': Push(PickleTuple.Empty); break;
            case 't': Push(new PickleTuple(PopToMark(at))); break;
            case '\x85': Push(new PickleTuple(Pop(1, at))); break;
            case '\x86': Push(new PickleTuple(Pop(2, at))); break;
            case '\x87': Push(new PickleTuple(Pop(3, at))); break;
            case ']': Push(new List<object?>()); break;
            case 'a': Append(Pop(1, at), at); break;
            case 'e': Append(PopToMark(at), at); break;
            case '}': Push(new PickleDict()); break;
            case 's': SetItems(Pop(2, at), at); break;
            case 'u': SetItems(PopToMark(at), at); break;

            case 'c': Push(_names.Name($"{Line(at)}.{Line(at)}", Place(at))); break;
            case '\x93': Push(_names.Name(Qualified(Pop(2, at), at), Place(at))); break;
            case 'R': Call(Pop(2, at), at); break;
            case '\x81': New(Pop(2, at), at); break;
            case 'b': Build(Pop(1, at)[0], at); break;
            case 'Q': Push(_names.Persistent(Pop(1, at)[0], Place(at))); break;

            case 'q': Memorize(_bytes.Next(), at); break;
            case 'r': Memorize((uint)_bytes.NextInt32(), at); break;
            case '\x94': Memorize(_memo.Count, at); break;
            case 'h': Recall(_bytes.Next(), at); break;
            case 'j': Recall((uint)_bytes.NextInt32(), at); break;
            default: throw Fault(at, $"opcode 0x{(int)opcode:x2}{(Refused.TryGetValue(opcode, out var name) ? $" ({name})" : "")} is not one that such files are made of");
        }
    }

    /// <summary>Opcodes that exist and are not obeyed, for messages.</summary>
    private static readonly Dictionary<char, string> Refused = new()
    {
        ['i'] = "INST", ['o'] = "OBJ", ['\x92'] = "NEWOBJ_EX", ['P'] = "PERSID", ['0'] = "POP", ['1'] = "POP_MARK", ['2'] = "DUP",
        ['L'] = "LONG", ['F'] = "FLOAT", ['S'] = "STRING", ['V'] = "UNICODE", ['p'] = "PUT", ['g'] = "GET", ['l'] = "LIST", ['d'] = "DICT",
        ['\x82'] = "EXT1", ['\x83'] = "EXT2", ['\x84'] = "EXT4", ['\x8f'] = "EMPTY_SET", ['\x90'] = "ADDITEMS", ['\x91'] = "FROZENSET",
        ['\x96'] = "BYTEARRAY8", ['\x97'] = "NEXT_BUFFER", ['\x98'] = "READONLY_BUFFER",
    };

    private void Protocol(byte version, long at)
    {
        if (version is < 2 or > NewestProtocol)
        {
            throw Fault(at, $"the pickle's protocol is {version}; read are 2 to {NewestProtocol}");
        }
    }

    private void Frame(ulong length, long at)
    {
        if (length > (ulong)_bytes.Left)
        {
            throw Fault(at, $"a frame is said to have {length} bytes, where {_bytes.Left} are left");
        }
    }

    private void Mark(long at)
    {
        if (_marks.Count == PickleLimits.Marks)
        {
            throw Fault(at, $"values are nested more than {PickleLimits.Marks} deep");
        }

        _marks.Add(_stack.Count);
    }

    private object Number(uint length, long at)
    {
        if (length > PickleLimits.NumberLength)
        {
            throw Fault(at, $"a number of {length} bytes");
        }

        var value = new BigInteger(_bytes.Next((int)length));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    /// <summary>As Python 2 wrote numbers of more than four bytes. Its 00 and 01 were truth values before protocol 2.</summary>
    private object Decimal(long at) => Line(at) is { Length: <= PickleLimits.NumberLength } digits && digits is not ("00" or "01")
        && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Fault(at, "a number that is none");

    private string Text(ulong length, long at)
    {
        try
        {
            return StrictUtf8.GetString(Bytes(length, at));
        }
        catch (DecoderFallbackException)
        {
            throw Fault(at, "a text is not UTF-8");
        }
    }

    /// <summary>What Python 2 calls a string: bytes that may be a text.</summary>
    private string Plain(ulong length, long at) => _names.HasPlainBytes ? Encoding.Latin1.GetString(Bytes(length, at)) : Text(length, at);

    private byte[] Bytes(ulong length, long at)
    {
        if (length > (ulong)_names.LongestText || (long)length > _bytes.Left)
        {
            throw Fault(at, $"a text or bytes of length {length}, where {_bytes.Left} bytes are left and {_names.LongestText} are read");
        }

        return _bytes.Next((int)length);
    }

    private string Line(long at)
    {
        var line = new StringBuilder();
        for (var next = _bytes.Next(); next != '\n'; next = _bytes.Next())
        {
            if (line.Length == PickleLimits.NameLength || next is < 0x20 or > 0x7E)
            {
                throw Fault(at, $"a name is longer than {PickleLimits.NameLength} characters, or holds others than plain ones");
            }

            line.Append((char)next);
        }

        return line.ToString();
    }

    private string Qualified(object?[] parts, long at) => parts is [string { Length: <= PickleLimits.NameLength } module, string { Length: <= PickleLimits.NameLength } name]
        ? $"{module}.{name}"
        : throw Fault(at, "a name that is not made of two short texts");

    private void Call(object?[] call, long at)
    {
        if (call is not [PickleName callee, PickleTuple arguments])
        {
            throw Fault(at, "a call of something that is no name");
        }

        Push(_names.Call(callee.Name, arguments.Items, Place(at)));
    }

    private void New(object?[] call, long at)
    {
        if (call is not [PickleName type, PickleTuple arguments])
        {
            throw Fault(at, "an object of something that is no name (NEWOBJ)");
        }

        Push(_names.New(type.Name, arguments.Items, Place(at)));
    }

    private void Build(object? state, long at)
    {
        if (!_names.Build(Top(at), state))
        {
            throw Fault(at, "attributes for something that has none, or other ones than are known of it");
        }
    }

    private void Append(object?[] items, long at)
    {
        if (Top(at) is not List<object?> list)
        {
            throw Fault(at, "items for something that is no list");
        }

        list.AddRange(items);
    }

    private void SetItems(object?[] items, long at)
    {
        if (Top(at) is not PickleDict dict || items.Length % 2 != 0)
        {
            throw Fault(at, "pairs for something that is no dictionary");
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            dict.Items.Add((items[i], items[i + 1]));
        }
    }

    /// <summary>Under numbers as programs give them, one after the other: chosen ones could make every look-up long.</summary>
    private void Memorize(long index, long at) =>
        _memo[index] = index < PickleLimits.Opcodes ? Top(at) : throw Fault(at, $"a value is remembered as number {index} of at most {PickleLimits.Opcodes}");

    private void Recall(long index, long at) =>
        Push(_memo.TryGetValue(index, out var value) ? value : throw Fault(at, $"value {index} is recalled before it was remembered"));

    private void Push(object? value) => _stack.Add(value);

    private object?[] Pop(int count, long at)
    {
        if (_stack.Count - count < (_marks.Count > 0 ? _marks[^1] : 0))
        {
            throw Fault(at, "a value is wanted where there is none");
        }

        return Take(_stack.Count - count);
    }

    private object?[] PopToMark(long at)
    {
        if (_marks.Count == 0)
        {
            throw Fault(at, "the end of a list that has no beginning");
        }

        var mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return Take(mark);
    }

    private object?[] Take(int from)
    {
        var items = _stack[from..].ToArray();
        _stack.RemoveRange(from, _stack.Count - from);
        return items;
    }

    private object? Top(long at) => _stack.Count > (_marks.Count > 0 ? _marks[^1] : 0) ? _stack[^1] : throw Fault(at, "a value is wanted where there is none");

    private string Place(long at) => $"{_file}, byte {at}";

    private Exception Fault(long at, string what) => _names.Fault($"{Place(at)}: {what}.");
}
