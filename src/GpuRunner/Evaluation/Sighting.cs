using ReidCloud.Datasets;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Who was seen by which camera: all that ranking needs to know of a query or a gallery item besides its distance.</summary>
internal readonly record struct Sighting(int Identity, int Camera)
{
    /// <summary>The same identity seen by another camera: what a query looks for. A distractor is nobody, so it never matches.</summary>
    public bool Matches(Sighting other) => Identity == other.Identity && Camera != other.Camera && Identity != Tracklet.Distractor;

    /// <summary>The same identity seen by the same camera: too easy, left out of the ranking.</summary>
    public bool IsJunkFor(Sighting query) => Identity == query.Identity && Camera == query.Camera;
}
