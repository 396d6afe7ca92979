using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ReidCloud.Datasets;

/// <summary>A MAT file that cannot be read. The message says where and what to do.</summary>
public sealed class MatException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A real matrix of a MAT file, column after column as MATLAB keeps it. Rows and columns count from 0 here.</summary>
public sealed record MatMatrix(string Name, int Rows, int Columns, double[] Values)
{
    public double this[int row, int column] => Values[((long)column * Rows) + row];
}

/// <summary>
/// Reads the real numeric matrices of a MATLAB 5.0 file, plain or zlib-compressed, of either byte order. An element's storage type may be narrower than
/// its class (MARS keeps doubles as int32 and uint16): every element is read as it is stored. Structures, sparse and complex matrices and those of more than two
/// dimensions are skipped; of text and cells, only lists of texts and two levels of cells with matrices are read. Made for files from strangers: what is allocated is bounded by what is really there, and by a limit.
/// </summary>
public static class MatFile
{
    /// <summary>MARS' largest table has 0.4 MB.</summary>
    public const int DefaultLimit = 64 << 20;

    /// <summary>Those that a file may hold, what is still packed counted with them; MARS' have one each.</summary>
    private const int MostMatrices = 1000;

    private const int HeaderLength = 128;
    private const int NameLimit = 256;

    /// <param name="file">The whole file.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="limit">The most bytes that the file may hold, decompressed; and again that its matrices may have as doubles.</param>
    /// <exception cref="MatException"/>
    public static IReadOnlyDictionary<string, MatMatrix> Read(ReadOnlySpan<byte> file, string name, int limit = DefaultLimit)
    {
        var matrices = new Dictionary<string, MatMatrix>(StringComparer.Ordinal);
        var room = (long)limit;
        ForEach(file, name, limit, parts =>
        {
            if (Matrix(parts, room, limit) is { } matrix)
            {
                room -= (long)matrix.Values.Length * sizeof(double);
                matrices[matrix.Name] = matrix;
            }
        });
        return matrices;
    }

    /// <summary>The lists of texts, cell arrays whose every cell is a row of letters, in MATLAB's order. What is anything else is skipped.</summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ReadTexts(ReadOnlySpan<byte> file, string name, int limit = DefaultLimit)
    {
        var lists = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        ForEach(file, name, limit, parts =>
        {
            if (MatTexts.Read(parts) is var (variable, texts))
            {
                lists[variable] = texts;
            }
        });
        return lists;
    }

    /// <summary>The cell arrays whose cells are cell arrays of matrices, in MATLAB's order: such as a matrix for each camera and person. An empty one is null. What is anything else is skipped.</summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<MatMatrix?>>> ReadCells(ReadOnlySpan<byte> file, string name, int limit = DefaultLimit)
    {
        var cells = new Dictionary<string, IReadOnlyList<IReadOnlyList<MatMatrix?>>>(StringComparer.Ordinal);
        var (room, most) = ((long)limit, MatCells.MostCells);
        ForEach(file, name, limit, parts =>
        {
            if (MatCells.Read(parts, Take, ref most) is var (variable, matrices))
            {
                cells[variable] = matrices;
            }
        });
        return cells;

        MatMatrix? Take(MatReader parts)
        {
            var matrix = Matrix(parts, room, limit);
            room -= (matrix?.Values.Length ?? 0L) * sizeof(double);
            return matrix;
        }
    }

    private delegate void MatrixReader(MatReader parts);

    private static void ForEach(ReadOnlySpan<byte> file, string name, int limit, MatrixReader read)
    {
        var bigEndian = ReadHeader(file, name);
        var (left, count) = (limit, 0);
        var rest = new MatReader(file[HeaderLength..], bigEndian, name);
        while (!rest.AtEnd)
        {
            var element = rest.Next(padded: false);
            var content = element;
            if (element.Type is MatType.Compressed or MatType.Matrix && ++count > MostMatrices)
            {
                throw new MatException($"{name} holds more than {MostMatrices} matrices. Save only its tables.");
            }

            if (element.Type == MatType.Compressed)
            {
                var inflated = Inflate(element.Bytes, name, left);
                left -= inflated.Length;
                content = new MatReader(inflated, bigEndian, name).Next(padded: false);
            }
            else
            {
                // Only compressed elements end unpadded.
                rest.Align();
            }

            if (content.Type == MatType.Matrix)
            {
                read(new MatReader(content.Bytes, bigEndian, name));
            }
        }
    }

    private static bool ReadHeader(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length < HeaderLength)
        {
            throw new MatException($"{name} is truncated: {file.Length} bytes are less than a MAT file's header. Upload it again.");
        }

        var bigEndian = file[126] switch
        {
            (byte)'I' when file[127] == 'M' => false,
            (byte)'M' when file[127] == 'I' => true,
            _ => throw new MatException($"{name} is not a MATLAB 5.0 file. Save it by save(…, '-v7') or '-v6'; -v7.3 is another format."),
        };
        var version = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(file[124..]) : BinaryPrimitives.ReadUInt16LittleEndian(file[124..]);
        return version == 0x0100
            ? bigEndian
            : throw new MatException($"{name} is of MAT version {version >> 8}.{version & 0xFF}; 1.0 is read. Save it by save(…, '-v7') or '-v6'.");
    }

    private static MatMatrix? Matrix(MatReader parts, long room, int limit)
    {
        if (parts.AtEnd)
        {
            return null;
        }

        var flags = parts.Next();
        const uint complex = 0x0800;
        var isNumeric = parts.Class(flags) is >= MatClass.Double and <= MatClass.UInt64 && (parts.UInt32(flags.Bytes) & complex) == 0;
        if (!isNumeric || parts.AtEnd)
        {
            return null;
        }

        var dimensions = parts.Next();
        if (dimensions.Type != MatType.Int32 || dimensions.Bytes.Length != 8)
        {
            return null;
        }

        int rows = parts.Int32(dimensions.Bytes), columns = parts.Int32(dimensions.Bytes[4..]);
        var title = parts.Next().Bytes;
        var name = Encoding.Latin1.GetString(title[..Math.Min(title.Length, NameLimit)]);
        var real = parts.Next();
        var width = MatReader.Width(real.Type);
        if (rows < 0 || columns < 0 || width == 0 || (Int128)rows * columns * width != real.Bytes.Length)
        {
            throw parts.Fault($"matrix '{ForeignText.Shown(name)}' is {rows}×{columns} but holds {real.Bytes.Length} bytes");
        }

        if (real.Bytes.Length / width > room / sizeof(double))
        {
            throw TooLong(parts.File, limit);
        }

        return new MatMatrix(name, rows, columns, parts.Doubles(real));
    }

    private static MatException TooLong(string name, int limit) => new($"{name} holds more than {limit} bytes unpacked. Split its tables.");

    /// <summary>Takes no more than the inner element says, and no more than the limit; the buffer grows with what really comes.</summary>
    private static byte[] Inflate(ReadOnlySpan<byte> compressed, string name, int limit)
    {
        try
        {
            using var inflate = new ZLibStream(new MemoryStream(compressed.ToArray(), writable: false), CompressionMode.Decompress);
            using var inflated = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int got; (got = inflate.Read(buffer)) > 0;)
            {
                if (inflated.Length + got > limit)
                {
                    throw TooLong(name, limit);
                }

                inflated.Write(buffer, 0, got);
            }

            return inflated.ToArray();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new MatException($"{name} is damaged: a compressed element cannot be unpacked. Save and upload it again.", exception);
        }
    }
}
