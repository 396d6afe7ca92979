namespace ReidCloud.Datasets;

/// <summary>
/// How much an archive may ask of its reader. The defaults are several times what the largest public sets need (MARS: 1.2 million entries of a few
/// kilobytes) and small enough that a hostile archive exhausts neither memory nor disk.
/// </summary>
public sealed record ArchiveLimits(
    int Entries = 5_000_000,
    long EntryLength = 256L << 20,
    long TotalLength = 4L << 40,
    int NameLength = 1024,
    long NamesLength = 256L << 20,
    int Ratio = 200,
    long ArrayLength = 64L << 30)
{
    private const string Array = ".npy";

    public static ArchiveLimits Default { get; } = new();

    /// <summary>Arrays hold many frames and are read a frame at a time.</summary>
    public long LongestOf(string name) => name.EndsWith(Array, StringComparison.Ordinal) ? Math.Max(ArrayLength, EntryLength) : EntryLength;

    /// <summary>Entries that unpack to no more than this cost nothing worth a <see cref="Ratio"/>; photographs and tables are packed to a tenth at best.</summary>
    internal const long SmallEntry = 1 << 20;

    /// <summary>DEFLATE cannot expand by more than about 1032; what declares more is a trap.</summary>
    internal const long LargestRatio = 1100;

    /// <summary>DEFLATE stores what it cannot shorten in blocks with five bytes before each (RFC 1951, 3.2.4); what takes more would only fill memory.</summary>
    internal static long LongestPacked(long length) => length + (length / 1000) + (64 << 10);
}
