using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Who was seen by which camera, and when where that is known: all that ranking needs to know of a query or a gallery item besides its distance.</summary>
internal readonly record struct Sighting(int Identity, int Camera, int? Time = null)
{
    /// <summary>The same identity, and not junk: what a query looks for. A distractor is nobody, so it never matches.</summary>
    public bool Matches(Sighting query, RetrievalProtocol protocol) =>
        Identity == query.Identity && Identity != Tracklet.Distractor && !IsJunkFor(query, protocol);

    /// <summary>Too easy, left out of the ranking: the same identity seen by the same camera; under ATRW's protocol only at nearly the same time.</summary>
    public bool IsJunkFor(Sighting query, RetrievalProtocol protocol) => Identity == query.Identity && Camera == query.Camera && protocol switch
    {
        RetrievalProtocol.CrossCamera => true,
        RetrievalProtocol.Atrw => Tracklet.AreNearDuplicates(Time!.Value, query.Time!.Value),
        RetrievalProtocol.CameraLess => false,
    };
}
