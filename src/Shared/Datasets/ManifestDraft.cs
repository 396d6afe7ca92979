using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>What a layout makes of a listing: tracklets over the listing's files, and what it noticed on the way.</summary>
public sealed class ManifestDraft(FileListing files)
{
    private readonly List<(Split Split, string? Identity, Camera Camera, int First, int Count, int? Time)> _tracklets = [];
    private readonly List<int> _frames = [];
    private readonly Dictionary<int, int> _starts = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private long _declared;

    public FindingList Findings { get; } = new();

    public FileListing Files { get; } = files;

    /// <summary>The frames of all tracklets, one tracklet after the other, as places in the listing. Tracklets of the same frames share them.</summary>
    public IReadOnlyList<int> Frames => _frames;

    /// <summary>Another set in this layout's arrangement, so that numbers published for the layout say nothing of it.</summary>
    public bool IsRepacked { get; set; }

    /// <summary>Files that are accounted for without being frames: protocol files, junk.</summary>
    public HashSet<int> Known { get; } = [];

    /// <param name="identity">As the data set writes it; null for a distractor.</param>
    /// <param name="frames">Places in the listing, in the tracklet's order; at least one.</param>
    /// <param name="time">When it was seen, where the protocol needs that.</param>
    /// <exception cref="DatasetException">All tracklets together have more frames than any set.</exception>
    public void Add(Split split, string? identity, Camera camera, IReadOnlyList<int> frames, int? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(frames.Count);
        _declared += frames.Count;
        if (_declared > IngestLimits.Frames)
        {
            throw new DatasetException(new Finding(
                FindingSeverity.Error, "too-many-frames", $"The tracklets have more than {IngestLimits.Frames} frames, those that they share counted for each. Split the data set.", 1, []));
        }

        _tracklets.Add((split, identity is null ? null : Intern(identity), camera, Place(frames), frames.Count, time));
    }

    /// <summary>The tables of the manifest: identities and cameras in ascending order of their numbers, then of their names.</summary>
    internal (IReadOnlyList<string> Identities, IReadOnlyList<Camera> Cameras, Tracklet[] Tracklets) Tables()
    {
        var identities = _tracklets.Select(tracklet => tracklet.Identity).OfType<string>().Distinct().Order(NumbersFirst).ToArray();
        var cameras = _tracklets.Select(tracklet => tracklet.Camera).Distinct()
            .OrderBy(camera => camera.Name, NumbersFirst).ThenBy(camera => camera.Modality).ToArray();
        var identityPlaces = identities.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var cameraPlaces = cameras.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var tracklets = _tracklets.Select(tracklet => new Tracklet(
            tracklet.Split,
            tracklet.Identity is null ? Tracklet.Distractor : identityPlaces[tracklet.Identity],
            cameraPlaces[tracklet.Camera],
            tracklet.First,
            tracklet.Count) { Time = tracklet.Time });
        return (identities, cameras, [.. tracklets]);
    }

    /// <summary>Where the frames stand in <see cref="Frames"/>: behind all others, or where the same ones are already.</summary>
    private int Place(IReadOnlyList<int> frames)
    {
        if (_starts.TryGetValue(frames[0], out var start) && start <= _frames.Count - frames.Count && frames.Index().All(frame => _frames[start + frame.Index] == frame.Item))
        {
            return start;
        }

        _starts.TryAdd(frames[0], _frames.Count);
        _frames.AddRange(frames);
        return _frames.Count - frames.Count;
    }

    private static Comparer<string> NumbersFirst { get; } = Comparer<string>.Create(static (a, b) =>
    {
        var isNumber = (A: Number(a, out var numberA), B: Number(b, out var numberB));
        return isNumber switch
        {
            (true, true) when numberA != numberB => numberA.CompareTo(numberB),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(a, b),
        };
    });

    private static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private string Intern(string name)
    {
        if (!_names.TryGetValue(name, out var known))
        {
            _names.Add(name, known = name);
        }

        return known;
    }
}
