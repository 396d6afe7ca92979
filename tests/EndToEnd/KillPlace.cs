using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>Where a runner is killed: at a request to the storage, when it says a line, or after a time.</summary>
internal sealed record KillPlace(string Name)
{
    private static readonly TimeSpan ALittle = TimeSpan.FromMilliseconds(60);

    private Func<FaultyStorage, Action, StorageRule>? Arming { get; init; }

    /// <summary>What the runner says.</summary>
    public string? Words { get; private init; }

    /// <summary>So long after its start.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>At a request that the storage never sees.</summary>
    public static KillPlace Before(string name, Func<StorageRequest, bool> which) =>
        new(name) { Arming = (proxy, kill) => proxy.When(which, _ => kill(), StorageFault.Cut) };

    /// <summary>At a request that the storage has done, and the runner does not know it.</summary>
    public static KillPlace After(string name, Func<StorageRequest, bool> which) =>
        new(name) { Arming = (proxy, kill) => proxy.WhenDone(which, _ => kill(), StorageFault.LoseAnswer) };

    /// <summary>A little later than the runner has learned that the storage has done a request.</summary>
    public static KillPlace Soon(string name, Func<StorageRequest, bool> which) =>
        new(name) { Arming = (proxy, kill) => proxy.WhenDone(which, _ => Task.Delay(ALittle).ContinueWith(_ => kill(), TaskScheduler.Default)) };

    public static KillPlace Line(string name, string words) => new(name) { Words = words };

    public static KillPlace Moment(TimeSpan delay) => new($"after {delay.TotalSeconds:F2} s") { Delay = delay };

    /// <summary>Null where no request decides.</summary>
    public StorageRule? Arm(FaultyStorage proxy, Action kill) => Arming?.Invoke(proxy, kill);

    public override string ToString() => Name;
}
