namespace ReidCloud.Datasets;

/// <summary>An archive, or one entry of it, that is not to be read. The message names the place and the remedy.</summary>
public sealed class ArchiveException(string message, Exception? inner = null) : Exception(message, inner);
