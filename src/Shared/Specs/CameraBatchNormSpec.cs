namespace ReidCloud.Specs;

/// <summary>
/// Camera-based batch normalization (Zhuang et al., ECCV 2020; its spec §3.3): the frames of a batch go through each network camera by camera, each camera's with statistics of their own, and losses are of the
/// whole batch. With any method. Of one frame there are no statistics: sets with a frame whose camera has fewer than <see cref="LeastFrames"/> in the batch are left out of the step, and the report says how
/// many. Running statistics are then those of the first camera of each batch, which no test should use.
/// </summary>
public sealed record CameraBatchNormSpec(int LeastFrames = CameraBatchNormSpec.Fewest)
{
    /// <summary>Of one there is no variance.</summary>
    internal const int Fewest = 2;
}
