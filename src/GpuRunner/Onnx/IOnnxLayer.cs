namespace ReidCloud.GpuRunner.Onnx;

/// <summary>A module of ours that says itself what it computes in evaluation mode, in ONNX's operators: beside its `forward`, and the same.</summary>
internal interface IOnnxLayer
{
    /// <param name="input">The name of the value that it takes.</param>
    /// <returns>The name of the value that it makes.</returns>
    string Lower(OnnxGraph graph, string input);
}
