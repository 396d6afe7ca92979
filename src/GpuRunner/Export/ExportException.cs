namespace ReidCloud.GpuRunner.Export;

/// <summary>What was to be exported is not what the network computes, so it is not published.</summary>
internal sealed class ExportException(string message) : Exception(message);
