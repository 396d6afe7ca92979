namespace ReidCloud.Runs;

/// <summary>Weights of this name exist and are others; they stay as they are. Functions answer 409.</summary>
public sealed class WeightsConflictException(string message) : Exception(message);
