using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>
/// A crop of CUHK03 as its new protocol names it, 1_001_2_06.png: camera pair, person within the pair, camera, and the column of the person's row, 1 to 5 for the first camera
/// and 6 to 10 for the second.
/// </summary>
public readonly record struct Cuhk03Name(int Pair, int Person, int Camera, int Column)
{
    public const int Columns = 10;

    private const string Pattern = "0_000_0_00.";

    /// <summary>Persons of each of the five camera pairs: 1,467.</summary>
    public static IReadOnlyList<int> Persons { get; } = [843, 440, 77, 58, 49];

    public static int CameraOf(int column) => column <= Columns / 2 ? 1 : 2;

    /// <summary>From 1, over all pairs: the label of the new protocol.</summary>
    public int Identity => Persons.Take(Pair - 1).Sum() + Person;

    /// <param name="identity">From 1, over all pairs.</param>
    public static Cuhk03Name Of(int identity, int column)
    {
        var pair = 0;
        while (pair < Persons.Count - 1 && identity > Persons[pair])
        {
            identity -= Persons[pair++];
        }

        return new Cuhk03Name(pair + 1, identity, CameraOf(column), column);
    }

    /// <param name="path">Folders before the name say nothing.</param>
    public static bool TryParse(ReadOnlySpan<char> path, out Cuhk03Name name)
    {
        name = default;
        var file = path[(path.LastIndexOf('/') + 1)..];
        if (file.Length != Pattern.Length + 3 || !HasPattern(file) || file[Pattern.Length..] is not ("png" or "jpg" or "bmp"))
        {
            return false;
        }

        name = new Cuhk03Name(Number(file[..1]), Number(file[2..5]), Number(file[6..7]), Number(file[8..10]));
        return name.Pair >= 1 && name.Pair <= Persons.Count && name.Person >= 1 && name.Person <= Persons[name.Pair - 1]
            && name.Column is >= 1 and <= Columns && name.Camera == CameraOf(name.Column);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pair}_{Person:D3}_{Camera}_{Column:D2}.png");

    private static bool HasPattern(ReadOnlySpan<char> file)
    {
        for (var place = 0; place < Pattern.Length; place++)
        {
            if (Pattern[place] == '0' ? !char.IsAsciiDigit(file[place]) : file[place] != Pattern[place])
            {
                return false;
            }
        }

        return true;
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
