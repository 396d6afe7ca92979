namespace ReidCloud;

/// <summary>The installation is set up wrongly: every fault with the option's name and what it should be. Found at start-up, before anything runs.</summary>
public sealed class OptionsException(IReadOnlyList<string> faults)
    : Exception($"The options are not usable:{string.Concat(faults.Select(fault => $"{Environment.NewLine}- {fault}"))}")
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
