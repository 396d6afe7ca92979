using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Who was seen by which camera, and when where that is known: all that ranking needs to know of a query or a gallery item besides its distance.
/// <see cref="Content"/> tells pictures apart by their bytes: equal ones are the very same picture.
/// </summary>
internal readonly record struct Sighting(int Identity, int Camera, int? Time = null)
{
    /// <summary>Of an item's first picture; null where it is not known.</summary>
    public (long Length, uint Crc32)? Content { get; init; }

    /// <summary>The same identity, and not junk: what a query looks for. A distractor is nobody, so it never matches.</summary>
    public bool Matches(Sighting query, RetrievalProtocol protocol) =>
        Identity == query.Identity && Identity != Tracklet.Distractor && !IsJunkFor(query, protocol);

    /// <summary>
    /// Too easy, left out of the ranking: the same identity seen by the same camera; under ATRW's protocol only at nearly the same time; without cameras only the
    /// very same picture. Across modalities there is none: other cameras took the gallery.
    /// </summary>
    public bool IsJunkFor(Sighting query, RetrievalProtocol protocol) => Identity == query.Identity && protocol switch
    {
        RetrievalProtocol.CrossCamera => Camera == query.Camera,
        RetrievalProtocol.Atrw => Camera == query.Camera && Tracklet.AreNearDuplicates(Time!.Value, query.Time!.Value),
        RetrievalProtocol.SysuMm01 or RetrievalProtocol.CrossModality => Camera == query.Camera,
        RetrievalProtocol.CameraLess => Content is not null && Content == query.Content,
    };
}
