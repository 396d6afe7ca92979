namespace ReidCloud.Cli.Checkup;

internal enum Verdict
{
    Ok,

    /// <summary>Works, but slowly or not fully.</summary>
    Warning,
    Fault,
}

/// <summary>One thing about the installation: what was found and, unless it is well, what to do.</summary>
internal sealed record Check(string Name, Verdict Verdict, string Found, string? Fix = null);

/// <summary>Everything the system needs on one machine, looked at rather than assumed. Nothing is changed.</summary>
internal static class Examination
{
    public static async IAsyncEnumerable<Check> RunAsync(
        Workplace place, Local.LocalPorts ports, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await DotnetChecks.SdkAsync(place, cancellationToken);
        yield return DotnetChecks.Packages(place);
        yield return MachineChecks.Processor();
        yield return MachineChecks.Memory();
        yield return MachineChecks.Disk(place);
        foreach (var check in TorchChecks.All())
        {
            yield return check;
        }

        yield return ImageCheck.Jpeg();
        yield return await ProgramChecks.NodeAsync(cancellationToken);
        yield return ProgramChecks.Azurite(place);
        yield return ProgramChecks.OnnxRuntime(place);
        yield return ProgramChecks.Ports(place, ports);
        yield return await ProgramChecks.SystemAsync(ports, cancellationToken);
    }
}
