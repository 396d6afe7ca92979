using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace ReidCloud.Weights;

/// <summary>One tensor of a safetensors file: where its bytes are, counted from the end of the header, and what they mean.</summary>
public sealed record SafetensorsEntry(string Name, TensorType Type, long[] Shape, long Begin, long End);

/// <summary>
/// The head of a safetensors file, read as if it came from an enemy: its length, names, types and ranges are checked against the file's length before
/// a byte of data is believed. Tensors must lie one behind the other, without gaps or overlaps, up to the end of the file, as the format demands.
/// </summary>
public sealed record SafetensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<SafetensorsEntry> Entries)
{
    /// <summary>The format allows 100 MB. Those of networks have a tenth of a megabyte, and a checkpoint of ours a line for each epoch and identity.</summary>
    public const int MaxLength = 32 << 20;

    private const int Alignment = 8;
    private const int MaxDepth = 4;
    private const int MaxDimensions = 16;
    private const string MetadataName = "__metadata__";
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the head and leaves the stream at the first byte of data. The stream must know its length.</summary>
    /// <param name="longest">A longer head is not read; one takes some ten times its length in memory.</param>
    /// <exception cref="InvalidDataException">What is wrong with the file.</exception>
    public static SafetensorsHeader Read(Stream stream, int longest = MaxLength)
    {
        var available = stream.Length - stream.Position - sizeof(ulong);
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (available < 0)
        {
            throw new InvalidDataException($"the file has {stream.Length} bytes, too few for a safetensors file");
        }

        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)longest || (long)length > available)
        {
            throw new InvalidDataException($"the header is said to have {length} bytes, but the file has {available} more and {longest} are allowed");
        }

        var text = new byte[length];
        stream.ReadExactly(text);
        try
        {
            // Of bytes that are no text the parser says so; of an escape that is half a character (\ud800) only who asks for the text, as an invalid operation.
            StrictUtf8.GetCharCount(text);
            return Parse(text, available - (long)length);
        }
        catch (Exception fault) when (fault is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new InvalidDataException($"the header is not the JSON that safetensors wants: {fault.Message}", fault);
        }
    }

    /// <summary>Writes the head of a file whose tensors follow in this order, one behind the other. The same gives the same bytes.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, string> metadata, IEnumerable<(string Name, TensorType Type, IReadOnlyList<long> Shape)> tensors)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataName);
            foreach (var (key, value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            var begin = 0L;
            foreach (var (name, type, shape) in tensors)
            {
                begin = WriteEntry(json, name, type, shape, begin);
            }

            json.WriteEndObject();
        }

        // The format asks for data that begins at a multiple of 8; blanks fill up.
        while (text.Length % Alignment != 0)
        {
            text.WriteByte((byte)' ');
        }

        if (text.Length > MaxLength)
        {
            throw new ArgumentException($"a head of {text.Length} bytes; {MaxLength} can be read back");
        }

        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        stream.Write(length);
        text.WriteTo(stream);
    }

    /// <summary>Where an entry is in the file.</summary>
    /// <param name="data">The file's first byte of data.</param>
    public static StoredTensor Locate(SafetensorsEntry entry, long data) =>
        new(entry.Name, entry.Type, entry.Shape, StoredTensor.RowMajor(entry.Shape), data + entry.Begin, entry.End - entry.Begin);

    private static long WriteEntry(Utf8JsonWriter json, string name, TensorType type, IReadOnlyList<long> shape, long begin)
    {
        var end = begin + shape.Aggregate((long)type.Bytes(), (product, size) => checked(product * size));
        json.WriteStartObject(name);
        json.WriteString("dtype", type.Name());
        json.WriteStartArray("shape");
        foreach (var size in shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }

    private static SafetensorsHeader Parse(byte[] text, long dataLength)
    {
        if (text is not [(byte)'{', ..])
        {
            throw new InvalidDataException("the header does not begin with '{'");
        }

        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        var hasMetadata = false;
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name == MetadataName ? hasMetadata : entries.ContainsKey(property.Name))
            {
                throw Fault(property.Name, "is there twice");
            }

            if (property.Name == MetadataName)
            {
                hasMetadata = true;
                ReadMetadata(property.Value, metadata);
            }
            else
            {
                entries.Add(property.Name, ReadEntry(property.Name, property.Value));
            }
        }

        return new SafetensorsHeader(metadata, InOrder(entries.Values, dataLength));
    }

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{MetadataName} must be an object");
        }

        foreach (var pair in element.EnumerateObject())
        {
            if (pair.Value.ValueKind != JsonValueKind.String || !metadata.TryAdd(pair.Name, pair.Value.GetString()!))
            {
                throw Fault(pair.Name, $"in {MetadataName} must be one text");
            }
        }
    }

    private static SafetensorsEntry ReadEntry(string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != 3
            || !element.TryGetProperty("dtype", out var dtype) || !element.TryGetProperty("shape", out var shape)
            || !element.TryGetProperty("data_offsets", out var offsets))
        {
            throw Fault(name, "must have dtype, shape and data_offsets, and nothing else");
        }

        if (dtype.ValueKind != JsonValueKind.String || !TensorTypes.ByName.TryGetValue(dtype.GetString()!, out var type))
        {
            throw Fault(name, $"has the type {Shown(dtype)}; known are {string.Join(", ", TensorTypes.ByName.Keys)}");
        }

        var sizes = Numbers(name, "shape", shape);
        var range = Numbers(name, "data_offsets", offsets);
        if (range.Length != 2 || range[0] > range[1])
        {
            throw Fault(name, $"has the data_offsets {Shown(offsets)}; wanted are a begin and an end after it");
        }

        if (ByteCount(sizes, type.Bytes()) != range[1] - range[0])
        {
            throw Fault(name, $"of shape {Shown(shape)} and type {type.Name()} does not have {range[1] - range[0]} bytes");
        }

        return new SafetensorsEntry(name, type, sizes, range[0], range[1]);
    }

    private static long[] Numbers(string name, string what, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > MaxDimensions)
        {
            throw Fault(name, $"has the {what} {Shown(element)}; wanted is a list of at most {MaxDimensions}");
        }

        var numbers = new long[element.GetArrayLength()];
        foreach (var (i, item) in element.EnumerateArray().Index())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out numbers[i]) || numbers[i] < 0)
            {
                throw Fault(name, $"has in its {what} {Shown(item)}; wanted are whole numbers from 0 on");
            }
        }

        return numbers;
    }

    /// <summary>−1 where it overflows, so that it equals no range.</summary>
    private static long ByteCount(long[] shape, int elementBytes)
    {
        try
        {
            return shape.Aggregate((long)elementBytes, (product, size) => checked(product * size));
        }
        catch (OverflowException)
        {
            return -1;
        }
    }

    private static SafetensorsEntry[] InOrder(IEnumerable<SafetensorsEntry> entries, long dataLength)
    {
        SafetensorsEntry[] ordered = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        var end = 0L;
        foreach (var entry in ordered)
        {
            if (entry.Begin != end)
            {
                throw Fault(entry.Name, $"begins at {entry.Begin}, but what is before it ends at {end}");
            }

            end = entry.End;
        }

        return end == dataLength
            ? ordered
            : throw new InvalidDataException($"the tensors end at {end}, but there are {dataLength} bytes of data: the file is truncated or has a foreign tail");
    }

    private static InvalidDataException Fault(string name, string what) => new($"'{WeightsNames.Shown(name)}' {what}");

    private static string Shown(JsonElement element) => WeightsNames.Shown(element.GetRawText());
}
