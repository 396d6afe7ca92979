namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>What is measured of a model, or kept, besides its figures by the protocol.</summary>
/// <param name="Seed">Of all that is drawn: error bars, and halves of the identities.</param>
internal sealed record EvaluationExtras(long Seed)
{
    /// <summary>Numbers of frames for the curve over a gallery tracklet's frames.</summary>
    public IReadOnlyList<int> GalleryFrames { get; init; } = [];

    /// <summary>Measures the camera bias.</summary>
    public bool CameraBias { get; init; }

    /// <summary>Hands the embeddings over with the figures.</summary>
    public bool KeepEmbeddings { get; init; }

    /// <summary>Hands over with the embeddings by which statistics the first setting's queries of these cameras were embedded, where each camera has its own.</summary>
    public IReadOnlySet<int> KeptCameras { get; init; } = new HashSet<int>();

    /// <summary>Is called after every piece of work that takes a while, such as a tile of distances.</summary>
    public Action? Beat { get; init; }

    /// <summary>Keeps the distances of everything that is measured as files.</summary>
    public Action<string, Action<Stream>>? SaveFile { get; init; }

    /// <summary>What the files' names begin with, where there is another model's.</summary>
    public string FilePrefix { get; init; } = "";
}
