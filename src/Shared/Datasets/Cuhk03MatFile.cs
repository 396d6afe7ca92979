namespace ReidCloud.Datasets;

/// <summary>A crop of cuhk-03.mat: its name, and its pixels row after row, red, green and blue of each.</summary>
public readonly record struct Cuhk03Crop(string Kind, Cuhk03Name Name, int Width, int Height, byte[] Pixels);

/// <summary>
/// CUHK03 as its authors publish it: cuhk-03.mat, saved by MATLAB as version 7.3. Its cells `detected` and `labeled` hold a table for each of the five camera pairs, a row a person and ten
/// columns of crops; `testsets` holds the classic splits. Crops are read one at a time.
/// </summary>
public sealed class Cuhk03MatFile
{
    public const string FileName = "cuhk-03.mat";

    /// <summary>A crop is some sixty pixels wide; an empty cell is a short list of numbers.</summary>
    private const int LongestCrop = 16 << 20;
    private const int MostCells = 10_000;
    private const int Colors = 3;
    private readonly Hdf5File _file;
    private readonly IReadOnlyDictionary<string, ulong> _root;

    private Cuhk03MatFile(Hdf5File file, IReadOnlyDictionary<string, ulong> root) => (_file, _root) = (file, root);

    /// <param name="stream">Seekable; stays open and in use.</param>
    /// <exception cref="Hdf5Exception">It is not cuhk-03.mat.</exception>
    public static Cuhk03MatFile Open(Stream stream, string name)
    {
        var file = Hdf5File.Open(stream, name);
        var root = file.Root();
        foreach (var variable in (string[])[.. Cuhk03Layout.Kinds, "testsets"])
        {
            if (!root.ContainsKey(variable))
            {
                throw new Hdf5Exception($"{name} lacks the variable '{variable}' of CUHK03's {FileName}, which comes with cuhk03_release.zip.");
            }
        }

        return new Cuhk03MatFile(file, root);
    }

    /// <summary>How many cells have room for a crop, empty ones counted.</summary>
    public int Cells => Cuhk03Layout.Kinds.Sum(kind => Pairs(kind).Sum(pair => pair.Cells.Length));

    /// <summary>Detected crops, then labeled ones; each pair by pair, person by person, column by column. Empty cells are left out.</summary>
    /// <exception cref="Hdf5Exception"/>
    public IEnumerable<Cuhk03Crop> Crops()
    {
        var seen = new HashSet<ulong>();
        foreach (var kind in Cuhk03Layout.Kinds)
        {
            foreach (var (pair, persons, cells) in Pairs(kind))
            {
                for (var person = 1; person <= persons; person++)
                {
                    for (var column = 1; column <= Cuhk03Name.Columns; column++)
                    {
                        // As MATLAB's, columns are the slower dimension.
                        var address = cells[((column - 1) * persons) + person - 1];
                        var name = new Cuhk03Name(pair, person, Cuhk03Name.CameraOf(column), column);
                        if (Crop(kind, name, address) is { } crop)
                        {
                            yield return seen.Add(address) ? crop : throw Fault($"the crop {kind} {name} stands in two cells");
                        }
                    }
                }
            }
        }
    }

    /// <summary>A line of <see cref="Cuhk03Layout.TestSets"/> for each test identity of each classic split.</summary>
    /// <exception cref="Hdf5Exception"/>
    public IEnumerable<string> TestSets()
    {
        foreach (var (split, address) in _file.Array(_root["testsets"], "testsets").References(Cuhk03Layout.Splits).Index())
        {
            var what = $"testsets {split + 1}";
            var table = _file.Array(address, what);
            var numbers = table.Numbers(2 * MostCells);
            var persons = table.Dimensions is [2, var rows] ? (int)rows : throw Fault($"{what} has no two columns");
            for (var person = 0; person < persons; person++)
            {
                yield return FormattableString.Invariant($"{split + 1} {numbers[person]} {numbers[persons + person]}");
            }
        }
    }

    private IEnumerable<(int Pair, int Persons, ulong[] Cells)> Pairs(string kind)
    {
        var pairs = _file.Array(_root[kind], kind).References(Cuhk03Name.Persons.Count);
        foreach (var (place, address) in pairs.Index())
        {
            var what = $"{kind} {place + 1}";
            var table = _file.Array(address, what);
            var most = Cuhk03Name.Persons[place];
            yield return table.Dimensions is [Cuhk03Name.Columns, var persons] && persons <= most
                ? (place + 1, (int)persons, table.References(Cuhk03Name.Columns * most))
                : throw Fault($"{what} is not a table of at most {most} persons and {Cuhk03Name.Columns} crops of each");
        }
    }

    /// <summary>Null for an empty cell: MATLAB keeps a short list of its dimensions there.</summary>
    private Cuhk03Crop? Crop(string kind, Cuhk03Name name, ulong address)
    {
        var what = $"{kind} {name}";
        var array = _file.Array(address, what);
        if (array.Dimensions.Count < 2 || array.Count == 0)
        {
            return null;
        }

        if (array.Dimensions is not [Colors, var width, var height] || array is not { Kind: Hdf5Kind.Integer, Width: 1 })
        {
            throw Fault($"{what} is not a crop of three colors and a byte of each");
        }

        // Color by color, in each column by column.
        var planes = array.Read(LongestCrop);
        var pixels = new byte[planes.Length];
        for (var color = 0; color < Colors; color++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var y = 0; y < height; y++)
                {
                    pixels[(((y * width) + x) * Colors) + color] = planes[(((color * width) + x) * height) + y];
                }
            }
        }

        return new Cuhk03Crop(kind, name, (int)width, (int)height, pixels);
    }

    private Hdf5Exception Fault(string what) => new($"{_file.Name} is not as CUHK03's authors published it: {what}. Get cuhk03_release.zip again.");
}
