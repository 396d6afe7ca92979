namespace ReidCloud.GpuRunner.Onnx;

/// <summary>One operator of a network: what it takes, by the names of values, and the value that it makes, which is named as it is itself.</summary>
internal sealed record OnnxNode(string Type, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<OnnxAttribute> Attributes);

/// <summary>What an operator is told besides its inputs: an integer, a number, several integers, or a word.</summary>
internal sealed record OnnxAttribute(string Name)
{
    public long? Integer { get; init; }
    public float? Number { get; init; }
    public IReadOnlyList<long>? Integers { get; init; }
    public string? Word { get; init; }
}
