namespace ReidCloud.GpuRunner.Onnx;

/// <summary>A network as ONNX has it: operators in the order they are computed, the numbers that they hold, and the name of the value that comes out.</summary>
internal sealed record OnnxNetwork(IReadOnlyList<OnnxNode> Nodes, IReadOnlyList<OnnxTensor> Tensors, string Result);
