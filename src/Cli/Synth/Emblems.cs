namespace ReidCloud.Cli.Synth;

/// <summary>What is printed on clothes: simple shapes within −1 … 1.</summary>
internal static class Emblems
{
    public static bool At(Emblem emblem, float x, float y)
    {
        if (emblem == Emblem.None || Math.Abs(x) > 1 || Math.Abs(y) > 1)
        {
            return false;
        }

        var round = (x * x) + (y * y);
        return emblem switch
        {
            Emblem.Disc => round < 0.8f,
            Emblem.Square => true,
            Emblem.Bars => Math.Abs(y) is < 0.28f or > 0.62f,
            Emblem.Ring => round is > 0.35f and < 1,
            Emblem.Diamond => Math.Abs(x) + Math.Abs(y) < 1,
            Emblem.Cross => Math.Abs(x) < 0.3f || Math.Abs(y) < 0.3f,
            _ => Math.Abs(x) < 0.9f && y < 0.5f,
        };
    }
}
