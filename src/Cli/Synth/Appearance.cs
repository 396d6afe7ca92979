using System.Numerics;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Synth;

internal enum Weave
{
    Plain,
    HorizontalStripes,
    VerticalStripes,
    Checks,
    TwoBlocks,
}

internal enum Emblem
{
    None,
    Disc,
    Square,
    Bars,
    Ring,
    Diamond,
    Cross,
    Panel,
}

internal enum Carried
{
    Nothing,
    BagOnTheLeft,
    BagOnTheRight,
}

/// <summary>
/// What a person looks like from every side. People come in families of two who wear the same; what sets the members apart is shared out over the front
/// (a print, an open jacket), the back (a backpack, a large print) and the sides (a bag, the trousers' stripe), each with few choices. So one view of a person
/// fits several people, and only several views together tell who it is.
/// </summary>
internal sealed record Appearance
{
    public const int FamilySize = 2;
    private const int Choices = 3;

    public required Vector3 Upper { get; init; }
    public required Vector3 UpperAccent { get; init; }
    public required Weave Weave { get; init; }
    public required bool LongSleeves { get; init; }
    public required bool Hood { get; init; }
    public required Vector3 Lower { get; init; }
    public required bool Shorts { get; init; }
    public required bool Skirt { get; init; }
    public required bool LongCoat { get; init; }
    public required Vector3 Skin { get; init; }
    public required Vector3 Hair { get; init; }
    public required bool LongHair { get; init; }
    public required Vector3? Hat { get; init; }
    public required Vector3 Shoes { get; init; }

    public Vector3? OpenJacket { get; init; }
    public Emblem FrontEmblem { get; init; }
    public Vector3 FrontColour { get; init; }
    public Vector3? Backpack { get; init; }
    public Vector3 BackpackAccent { get; init; }
    public Emblem BackEmblem { get; init; }
    public Vector3 BackColour { get; init; }
    public Carried Carried { get; init; }
    public Vector3 BagColour { get; init; }
    public Vector3? SideStripe { get; init; }

    /// <summary>1 is usual.</summary>
    public float Build { get; init; } = 1;

    /// <summary>Tells folds apart.</summary>
    public int Seed { get; init; }

    public static Appearance Of(long seed, int person)
    {
        var family = person / FamilySize;
        var shared = Seeding.Stream(seed, "synth-family", family);
        var (fronts, backs, sides) = (shared.Permutation(FrontLooks), shared.Permutation(BackLooks), shared.Permutation(SideLooks));
        var combinations = shared.Permutation(Choices * Choices * Choices);
        var look = Clothes(shared);
        var accents = shared.Permutation(Palette.Accents.Length);

        var mine = combinations[person % FamilySize];
        look = Front(look, fronts[mine % Choices], Contrasting(look.Upper, accents, mine % Choices));
        look = Back(look, backs[mine / Choices % Choices], Contrasting(look.Upper, accents, (mine / Choices % Choices) + 1));
        look = Side(look, sides[mine / (Choices * Choices)], Contrasting(look.Lower, accents, mine / (Choices * Choices)));

        var own = Seeding.Stream(seed, "synth-person", person);
        return look with { Build = (float)own.NextDouble(0.9, 1.14), Seed = own.NextInt(1 << 20) };
    }

    private const int FrontLooks = 5;
    private const int BackLooks = 5;
    private const int SideLooks = 4;

    private static Appearance Clothes(RandomStream random)
    {
        var upper = random.Pick(Palette.Clothes);
        var coat = random.NextBool(0.15);
        var skirt = !coat && random.NextBool(0.15);
        var weave = random.NextDouble();
        return new Appearance
        {
            Upper = upper,
            UpperAccent = Contrasting(upper, random.Permutation(Palette.Accents.Length), 0),
            Weave = weave < 0.5 ? Weave.Plain : weave < 0.65 ? Weave.HorizontalStripes : weave < 0.75 ? Weave.VerticalStripes : weave < 0.87 ? Weave.TwoBlocks : Weave.Checks,
            LongSleeves = coat || random.NextBool(0.6),
            Hood = random.NextBool(0.25),
            Lower = random.Pick(Palette.Trousers),
            Shorts = !coat && !skirt && random.NextBool(0.2),
            Skirt = skirt,
            LongCoat = coat,
            Skin = random.Pick(Palette.Skin),
            Hair = random.Pick(Palette.Hair),
            LongHair = random.NextBool(0.35),
            Hat = random.NextBool(0.18) ? random.Pick(Palette.Clothes) : null,
            Shoes = random.Pick(Palette.Shoes),
        };
    }

    private static Appearance Front(Appearance look, int choice, Vector3 colour) => choice switch
    {
        0 => look,
        1 => look with { OpenJacket = colour },
        2 => look with { FrontEmblem = Emblem.Disc, FrontColour = colour },
        3 => look with { FrontEmblem = Emblem.Bars, FrontColour = colour },
        _ => look with { FrontEmblem = Emblem.Panel, FrontColour = colour },
    };

    private static Appearance Back(Appearance look, int choice, Vector3 colour) => choice switch
    {
        0 => look,
        1 => look with { Backpack = colour, BackpackAccent = new Vector3(0.12f) },
        2 => look with { Backpack = new Vector3(0.14f, 0.14f, 0.17f), BackpackAccent = colour },
        3 => look with { BackEmblem = Emblem.Ring, BackColour = colour },
        _ => look with { BackEmblem = Emblem.Square, BackColour = colour },
    };

    private static Appearance Side(Appearance look, int choice, Vector3 colour) => choice switch
    {
        0 => look,
        1 => look with { Carried = Carried.BagOnTheLeft, BagColour = colour },
        2 => look with { Carried = Carried.BagOnTheRight, BagColour = colour },
        _ => look with { SideStripe = colour },
    };

    /// <summary>An accent that can be seen on the cloth; the place chooses among those.</summary>
    private static Vector3 Contrasting(Vector3 cloth, int[] order, int place)
    {
        const float visible = 0.35f;
        var seen = order.Select(accent => Palette.Accents[accent]).Where(accent => Vector3.Distance(accent, cloth) > visible).ToList();
        return seen[place % seen.Count];
    }
}
