using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>What a layout makes of a listing: tracklets over the listing's files, and what it noticed on the way.</summary>
public sealed class ManifestDraft(FileListing files)
{
    /// <summary>Frames of a tracklet stand nowhere yet.</summary>
    private const int Nowhere = -1;

    private readonly List<Placed> _tracklets = [];
    private readonly List<int> _frames = [];
    private readonly int[] _starts = Filled(files.Files.Count);
    private readonly Dictionary<string, int> _identities = new(StringComparer.Ordinal);
    private readonly Dictionary<Camera, int> _cameras = [];
    private readonly List<int[]> _draws = [];
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

        _tracklets.Add(new Placed(
            split, identity is null ? Tracklet.Distractor : NumberOf(identity, _identities), NumberOf(camera, _cameras), Place(frames), frames.Count, time));
    }

    /// <summary>A trial's gallery as the authors drew it (<see cref="DatasetManifest.GalleryDraws"/>), by places in the listing of images that are tracklets.</summary>
    public void Draw(IEnumerable<int> files) => _draws.Add([.. files.Select(file => _starts[file])]);

    /// <summary>By places in <see cref="Frames"/>.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> Draws => _draws;

    /// <summary>The tables of the manifest: identities and cameras in ascending order of their numbers, then of their names.</summary>
    internal (IReadOnlyList<string> Identities, IReadOnlyList<Camera> Cameras, Tracklet[] Tracklets) Tables()
    {
        var identities = _identities.Keys.Order(NumbersFirst).ToArray();
        var cameras = _cameras.Keys.OrderBy(camera => camera.Name, NumbersFirst).ThenBy(camera => camera.Modality).ToArray();
        var (identityPlaces, cameraPlaces) = (Ranks(identities, _identities), Ranks(cameras, _cameras));
        var tracklets = new Tracklet[_tracklets.Count];
        for (var i = 0; i < tracklets.Length; i++)
        {
            var (split, identity, camera, first, count, time) = _tracklets[i];
            tracklets[i] = new Tracklet(split, identity == Tracklet.Distractor ? Tracklet.Distractor : identityPlaces[identity], cameraPlaces[camera], first, count) { Time = time };
        }

        return (identities, cameras, tracklets);
    }

    /// <summary>Where the frames stand in <see cref="Frames"/>: behind all others, or where the same ones are already.</summary>
    private int Place(IReadOnlyList<int> frames)
    {
        ref var start = ref _starts[frames[0]];
        if (start != Nowhere && start <= _frames.Count - frames.Count && AreAt(start, frames))
        {
            return start;
        }

        start = start == Nowhere ? _frames.Count : start;
        _frames.AddRange(frames);
        return _frames.Count - frames.Count;
    }

    private bool AreAt(int start, IReadOnlyList<int> frames)
    {
        for (var i = 0; i < frames.Count; i++)
        {
            if (_frames[start + i] != frames[i])
            {
                return false;
            }
        }

        return true;
    }

    private static int[] Filled(int count)
    {
        var starts = new int[count];
        Array.Fill(starts, Nowhere);
        return starts;
    }

    /// <summary>In the order in which they were first named.</summary>
    private static int NumberOf<T>(T item, Dictionary<T, int> numbers)
        where T : notnull
    {
        if (!numbers.TryGetValue(item, out var number))
        {
            numbers.Add(item, number = numbers.Count);
        }

        return number;
    }

    /// <summary>By number, the place among those in order.</summary>
    private static int[] Ranks<T>(T[] ordered, Dictionary<T, int> numbers)
        where T : notnull
    {
        var ranks = new int[ordered.Length];
        foreach (var (place, item) in ordered.Index())
        {
            ranks[numbers[item]] = place;
        }

        return ranks;
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

    /// <summary>A tracklet as it was added. There may be millions: what they share stands elsewhere once.</summary>
    private readonly record struct Placed(Split Split, int Identity, int Camera, int First, int Count, int? Time);
}
