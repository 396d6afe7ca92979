namespace ReidCloud;

/// <summary>
/// The installation is set up wrongly: every fault with the option's name and what it should be. Found at start-up, before anything runs. A
/// value that is shown because it is wrong may be a secret in the wrong place: it is shown without.
/// </summary>
public sealed class OptionsException(IReadOnlyList<string> faults)
    : Exception($"The options are not usable:{string.Concat(faults.Select(fault => $"{Environment.NewLine}- {Redaction.Of(fault)}"))}")
{
    public IReadOnlyList<string> Faults { get; } = [.. faults.Select(Redaction.Of)];
}
