using ReidCloud.Datasets;

namespace ReidCloud.GpuRunner.Data;

/// <summary>An image that cannot be used: which one, what is wrong with it, what to do.</summary>
public sealed class ImageException : Exception
{
    public ImageException(string name, string problem, string remedy, Exception? inner = null)
        : base($"image '{name}' {problem}; {remedy}", inner) => (Name, Problem, Remedy) = (name, problem, remedy);

    internal ImageException(string name, ImageFault fault) : this(name, fault.Problem, fault.Remedy)
    {
    }

    public string Name { get; }

    public string Problem { get; }

    public string Remedy { get; }
}
