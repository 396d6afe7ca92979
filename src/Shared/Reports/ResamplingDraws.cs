namespace ReidCloud.Reports;

/// <summary>Random numbers for resampling, the same on every machine and in every version: SplitMix64 (Steele, Lea and Flood 2014).</summary>
internal struct ResamplingDraws(long seed)
{
    private ulong _state = (ulong)seed;

    public ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>One of 0 … <paramref name="count"/> − 1. The bias towards any of them is below count / 2⁶⁴ (Lemire 2019, without his last step).</summary>
    public int Next(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);
}
