namespace ReidCloud.Runs;

/// <summary>A data set of this name exists and is another one; it stays as it is. Functions answer 409.</summary>
public sealed class DatasetConflictException(string dataset, string message) : Exception(message)
{
    public string Dataset { get; } = dataset;
}
