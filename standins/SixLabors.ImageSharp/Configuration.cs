namespace SixLabors.ImageSharp;

/// <summary>The real library's switchboard; there is nothing to switch here.</summary>
public sealed class Configuration
{
    public Configuration()
    {
    }

    public static Configuration Default { get; } = new();
}
