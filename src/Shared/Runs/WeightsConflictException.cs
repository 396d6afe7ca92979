namespace ReidCloud.Runs;

/// <summary>Weights of this name exist and are others, or are being pushed; they stay as they are. Functions answer 409.</summary>
public sealed class WeightsConflictException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What was uploaded is not what the refused push meant, and stays for the push that means it.</summary>
    public bool IsUploadTheirs { get; init; }
}
