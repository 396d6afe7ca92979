using System.Numerics;

namespace ReidCloud.Cli.Synth;

/// <summary>The surfaces of a person: what colour each part has where. Angles as in <see cref="Surface"/>.</summary>
internal sealed class Clothing(Appearance look)
{
    private const float SleeveEnd = 0.55f;

    public Vector3 Torso(float angle, float height)
    {
        const float collar = 0.93f;
        if (height > collar)
        {
            return Math.Abs(angle) < 0.9f ? look.Skin : look.Upper * 0.85f;
        }

        if (look.Carried != Carried.Nothing && OnStrap(angle, height))
        {
            return look.BagColour * 0.8f;
        }

        if (look.Backpack is { } strap && Math.Abs(angle) is > 0.55f and < 0.85f && height > 0.35f)
        {
            return strap * 0.9f;
        }

        if (look.OpenJacket is { } inner && Math.Abs(angle) < 0.42f + (0.2f * height))
        {
            return inner * Fold(angle, height, 5);
        }

        const float waist = 0.04f;
        var cloth = height < waist && !look.LongCoat ? look.Lower * 0.8f : Cloth(angle, height);
        var front = Emblems.At(look.FrontEmblem, angle / 0.75f, (height - 0.66f) / 0.20f);
        var turned = angle > 0 ? angle - MathF.PI : angle + MathF.PI;
        var back = Emblems.At(look.BackEmblem, turned / 0.95f, (height - 0.60f) / 0.28f);
        return (front ? look.FrontColour : back ? look.BackColour : cloth) * Fold(angle, height, 1);
    }

    public Vector3 CoatSkirt(float angle, float height) =>
        (look.OpenJacket is { } inner && Math.Abs(angle) < 0.35f ? inner * 0.6f : look.Upper) * Fold(angle, height, 2);

    public Vector3 Skirt(float angle, float height) => look.Lower * (0.88f + (0.12f * MathF.Sin(angle * 9))) * Fold(angle, height, 3);

    public Vector3 HoodCloth(float angle, float height) => look.Upper * (0.78f + (0.15f * height)) * Fold(angle, height, 4);

    public Vector3 Thigh(float angle, float height) =>
        look.LongCoat && height < 0.85f ? look.Upper * Fold(angle, height, 2)
        : look.Skirt ? height < 0.7f ? look.Lower * Fold(angle, height, 3) : look.Skin
        : look.SideStripe is { } stripe && IsSide(angle) ? stripe
        : look.Shorts && height > 0.85f ? look.Skin
        : look.Lower * Fold(angle, height, 6);

    public Vector3 Shin(float angle, float height) =>
        look.Shorts || look.Skirt ? look.Skin : look.SideStripe is { } stripe && IsSide(angle) ? stripe : look.Lower * Fold(angle, height, 7);

    public Vector3 Shoe(float angle, float height) => look.Shoes * (0.9f + (0.1f * height));

    public Vector3 UpperArm(float angle, float height) =>
        look.LongSleeves || height < SleeveEnd ? Sleeve(height * 0.5f) * Fold(angle, height, 8) : look.Skin;

    public Vector3 Forearm(float angle, float height) => look.LongSleeves ? Sleeve(0.5f + (height * 0.5f)) * Fold(angle, height, 9) : look.Skin;

    public Vector3 Hand(float angle, float height) => look.Skin;

    public Vector3 Neck(float angle, float height) => look.Skin * 0.88f;

    public Vector3 Head(float angle, float height)
    {
        var hairline = look.LongHair ? 0.62f : 0.72f;
        var sideburn = look.LongHair ? 0.95f : 1.25f;
        if (height > hairline || (Math.Abs(angle) > sideburn && height > 0.22f))
        {
            return look.Hair * (0.95f + (0.1f * MathF.Sin((angle * 11) + (height * 7))));
        }

        var isEye = Math.Abs(Math.Abs(angle) - 0.42f) < 0.14f && Math.Abs(height - 0.52f) < 0.035f;
        var isMouth = Math.Abs(angle) < 0.28f && Math.Abs(height - 0.22f) < 0.03f;
        return isEye ? new Vector3(0.15f) : isMouth ? look.Skin * new Vector3(0.8f, 0.55f, 0.55f) : look.Skin;
    }

    public Vector3 Hair(float angle, float height) => look.Hair * (0.92f + (0.1f * MathF.Sin(angle * 13)));

    public Vector3 Hat(float angle, float height) => look.Hat!.Value * (0.9f + (0.1f * height));

    public Vector3 Backpack(float angle, float height)
    {
        var turned = Math.Abs(angle > 0 ? angle - MathF.PI : angle + MathF.PI);
        return turned < 0.8f && height is > 0.12f and < 0.48f ? look.BackpackAccent : look.Backpack!.Value * (height > 0.8f ? 0.7f : 1);
    }

    public Vector3 Bag(float angle, float height) => look.BagColour * (height > 0.75f ? 0.7f : 1);

    private static bool IsSide(float angle) => Math.Abs(Math.Abs(angle) - (MathF.PI / 2)) < 0.42f;

    private static bool Odd(float value) => ((int)MathF.Floor(value) & 1) != 0;

    private Vector3 Sleeve(float height) => look.Weave switch
    {
        Weave.HorizontalStripes when Odd(height * 9) => look.UpperAccent,
        Weave.Checks when Odd(height * 7) => Vector3.Lerp(look.Upper, look.UpperAccent, 0.5f),
        _ => look.Upper,
    };

    private Vector3 Cloth(float angle, float height) => look.Weave switch
    {
        Weave.HorizontalStripes when Odd(height * 9) => look.UpperAccent,
        Weave.VerticalStripes when Odd(angle * 3.2f) => look.UpperAccent,
        Weave.TwoBlocks when height < 0.48f => look.UpperAccent,
        Weave.Checks => Vector3.Lerp(look.Upper, look.UpperAccent, ((Odd(height * 7) ? 1 : 0) + (Odd(angle * 3) ? 1 : 0)) / 2f),
        _ => look.Upper,
    };

    /// <summary>From the bag's hip to the other shoulder, in front and behind.</summary>
    private bool OnStrap(float angle, float height)
    {
        var side = look.Carried == Carried.BagOnTheLeft ? 1 : -1;
        return Math.Abs(height - (0.5f - (0.45f * side * MathF.Sin(angle)))) < 0.055f;
    }

    /// <summary>Cloth is never even: long soft waves that belong to the person.</summary>
    private float Fold(float angle, float height, int part)
    {
        var phase = (look.Seed % 97 * 0.13f) + (part * 1.7f);
        return 0.95f + (0.05f * MathF.Sin((angle * 3) + (height * 8) + phase)) + (0.04f * MathF.Sin((height * 17) - (angle * 5) + (phase * 2.3f)));
    }
}
