using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Hostile;

/// <summary>
/// A parser of what strangers send, and what it may take: of any bytes it makes a value or throws its own exception, allocates and reads no more than it was
/// given leave to, and never looks outside. Counted, not timed, so that it holds on every machine.
/// </summary>
/// <param name="Good">What it reads; the others are made of these.</param>
/// <param name="Parse">Reads the stream to where it needs it, and looks at all that comes of it.</param>
/// <param name="Own">Its exceptions.</param>
internal sealed record HostileParser(string Name, IReadOnlyList<byte[]> Good, Action<Stream> Parse, params Type[] Own)
{
    /// <summary>A message is an answer's, a log's and a terminal's line.</summary>
    private const int LongestMessage = 8000;
    private const int ReadSlack = 1 << 17;

    /// <summary>Inputs of which a property is tried, and changed ones of each good one.</summary>
    public int Cases { get; init; } = 300;
    public int Mutations { get; init; } = 600;

    /// <summary>Of longer good inputs, so many of their beginnings are tried, evenly.</summary>
    public int MostCuts { get; init; } = 1500;

    /// <summary>What it may allocate for any input, and for each byte of it.</summary>
    public long Leave { get; init; } = 8L << 20;
    public int LeavePerByte { get; init; } = 64;

    /// <summary>How often it may read each byte.</summary>
    public int MostReads { get; init; } = 8;

    /// <summary>What means something to it, of which properties are made beside bytes.</summary>
    public IReadOnlyList<byte[]> Words { get; init; } = [];

    public override string ToString() => Name;

    public bool Reads(byte[] input) => Fault(input) is null;

    /// <summary>Why it refuses this; null where it reads it.</summary>
    public string? Fault(byte[] input)
    {
        using var stream = new CountedReads(new MemoryStream(input, writable: false));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Record.Exception(() => Parse(stream));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (fault is not null && !Own.Contains(fault.GetType()))
        {
            throw new InvalidOperationException($"{Name} threw a {fault.GetType().Name} for {Shown(input)}", fault);
        }

        Assert.True(allocated <= Leave + ((long)LeavePerByte * input.Length), $"{Name} allocated {allocated} bytes for {Shown(input)}");
        Assert.True(stream.Count <= ((long)MostReads * input.Length) + ReadSlack, $"{Name} read {stream.Count} bytes of {Shown(input)}");
        Assert.True(fault is null || fault.Message.Length is > 0 and <= LongestMessage, $"{Name} says {fault?.Message.Length} letters of {Shown(input)}");
        Assert.True(
            fault is null || !fault.Message.ReplaceLineEndings("").Any(char.IsControl), $"{Name} repeats a control character of {Shown(input)}: {fault?.Message}");
        return fault?.Message;
    }

    /// <summary>To be tried again from the message of a failure.</summary>
    private static string Shown(byte[] input) =>
        input.Length <= 2048 ? $"{input.Length} bytes {Convert.ToBase64String(input)}" : $"{input.Length} bytes that begin with {Convert.ToBase64String(input.AsSpan(0, 512))}";
}
