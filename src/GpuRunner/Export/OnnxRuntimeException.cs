namespace ReidCloud.GpuRunner.Export;

/// <summary>ONNX Runtime is missing on this machine, or failed: what, and what to do.</summary>
internal sealed class OnnxRuntimeException(string message, Exception? inner = null) : Exception(message, inner);
