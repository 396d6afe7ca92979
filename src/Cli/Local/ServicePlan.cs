namespace ReidCloud.Cli.Local;

/// <summary>One child process of a local system: how it is started, which ports it needs, and how one knows that it is ready.</summary>
internal sealed record ServicePlan(string Name, string Title, string File, IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Ports it listens on, each with the option that chooses another.</summary>
    public IReadOnlyList<(int Port, string Option)> Ports { get; init; } = [];

    /// <summary>True once it can be used.</summary>
    public required Func<CancellationToken, Task<bool>> IsReady { get; init; }

    /// <summary>How long its start may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
