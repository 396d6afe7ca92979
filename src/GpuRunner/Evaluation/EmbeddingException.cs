namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>A model's embeddings cannot be measured: its weights are at fault.</summary>
internal sealed class EmbeddingException(string message, Exception? inner = null) : Exception(message, inner);
