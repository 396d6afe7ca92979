using System.Numerics;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// What an infrared camera sees of a person: shapes stay, colors go. How much of the light a cloth gives back is its fiber's matter and hardly its dye's, so black may be bright and what differs in color may look the
/// same: many patterns and prints vanish. A person's clothes are the same in all infrared cameras, and those of a family are of one cloth, as they are of one color.
/// </summary>
internal static class InfraredLook
{
    /// <summary>Of what is given back: the least, what the fiber adds, and what little the dye adds.</summary>
    private const float Least = 0.08f;
    private const float OfFiber = 0.62f;
    private const float OfDye = 0.12f;

    /// <summary>How often a pattern or a print is of the cloth's own reflectance.</summary>
    private const double Vanishing = 0.5;

    public static Appearance Of(Appearance look, long seed, int person)
    {
        var cloth = Seeding.Stream(seed, "synth-infrared-family", person / Appearance.FamilySize);
        var own = Seeding.Stream(seed, "synth-infrared-person", person);
        var (upper, lower) = (Cloth(look.Upper, cloth), Cloth(look.Lower, cloth));
        return look with
        {
            Upper = upper,
            Lower = lower,
            UpperAccent = On(upper, look.UpperAccent, cloth),
            Hat = look.Hat is { } hat ? Cloth(hat, cloth) : null,
            Shoes = Cloth(look.Shoes, cloth),
            Hair = Grey((float)cloth.NextDouble(0.15, 0.6)),
            Skin = Grey((float)own.NextDouble(0.72, 0.82)),
            OpenJacket = look.OpenJacket is { } jacket ? On(upper, jacket, own) : null,
            FrontColour = On(upper, look.FrontColour, own),
            BackColour = On(upper, look.BackColour, own),
            Backpack = look.Backpack is { } pack ? Cloth(pack, own) : null,
            BackpackAccent = Cloth(look.BackpackAccent, own),
            BagColour = Cloth(look.BagColour, own),
            SideStripe = look.SideStripe is { } stripe ? On(lower, stripe, own) : null,
        };
    }

    private static Vector3 Cloth(Vector3 color, RandomStream random) => Grey(Least + (OfFiber * (float)random.NextDouble()) + (OfDye * Palette.Brightness(color)));

    /// <summary>What is printed or woven into a cloth.</summary>
    private static Vector3 On(Vector3 cloth, Vector3 color, RandomStream random)
    {
        var (vanishes, print) = (random.NextBool(Vanishing), Cloth(color, random));
        return vanishes ? cloth : print;
    }

    private static Vector3 Grey(float value) => new(value);
}
