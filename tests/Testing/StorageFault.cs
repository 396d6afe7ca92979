namespace ReidCloud.Tests.Testing;

/// <summary>What can become of a request between a client and the storage.</summary>
public abstract record StorageFault
{
    private StorageFault()
    {
    }

    /// <summary>Nothing: it is forwarded, and answered.</summary>
    public static StorageFault None { get; } = new Pass();

    /// <summary>Answered with 503, as by a storage that is throttled.</summary>
    public static StorageFault Busy { get; } = new Refused(503, "ServerBusy");

    /// <summary>Answered with 500.</summary>
    public static StorageFault Broken { get; } = new Refused(500, "InternalError");

    /// <summary>No answer until the rule ends; then it goes on, if the client still waits.</summary>
    public static StorageFault Hang { get; } = new Hung();

    /// <summary>The connection is cut before the storage has seen the request.</summary>
    public static StorageFault Cut { get; } = new Unsent();

    /// <summary>The storage does it, and the connection is cut before the client learns so.</summary>
    public static StorageFault LoseAnswer { get; } = new Unanswered();

    /// <summary>The connection is cut, and the storage gets the request when the rule ends: one that a network held back while it was sent again.</summary>
    public static StorageFault Late { get; } = new HeldBack();

    /// <summary>Answered with this status and this x-ms-error-code. The storage does not see it.</summary>
    public static StorageFault Answer(int status, string code) => new Refused(status, code);

    /// <summary>Forwarded so much later.</summary>
    public static StorageFault Slow(TimeSpan delay) => new Delayed(delay);

    internal sealed record Pass : StorageFault;

    internal sealed record Refused(int Status, string Code) : StorageFault;

    internal sealed record Hung : StorageFault;

    internal sealed record Unsent : StorageFault;

    internal sealed record Unanswered : StorageFault;

    internal sealed record HeldBack : StorageFault;

    internal sealed record Delayed(TimeSpan Delay) : StorageFault;
}
