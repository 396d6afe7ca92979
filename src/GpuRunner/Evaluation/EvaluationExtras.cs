namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>What is measured of a model, or kept, besides its figures by the protocol.</summary>
internal sealed record EvaluationExtras
{
    /// <summary>Numbers of frames for the curve over a gallery tracklet's frames.</summary>
    public IReadOnlyList<int> GalleryFrames { get; init; } = [];

    /// <summary>Measures the camera bias, with the identities split by this seed.</summary>
    public long? CameraBiasSeed { get; init; }

    /// <summary>Keeps the distances of every setting as files.</summary>
    public Action<string, Action<Stream>>? SaveFile { get; init; }

    /// <summary>What the files' names begin with, where there is another model's.</summary>
    public string FilePrefix { get; init; } = "";
}
