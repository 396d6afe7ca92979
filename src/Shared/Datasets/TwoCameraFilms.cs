using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>
/// Films of persons by two cameras, a folder per camera and in it one per person. Persons of a split's first list are for training; of the others the first camera's film is
/// searched for among the second's. Frames stand in the order of their names.
/// </summary>
internal sealed partial class TwoCameraFilms
{
    private readonly ManifestDraft _draft;
    private readonly (string Camera, SortedDictionary<string, List<int>> Films)[] _cameras;

    /// <param name="cameras">Folders with their '/', and what the cameras are called.</param>
    public TwoCameraFilms(ManifestDraft draft, params (string Folder, string Camera)[] cameras)
    {
        _draft = draft;
        _cameras = [.. cameras.Select(camera => (camera.Camera, Films(draft.Files, draft.Files.RootOf(camera.Folder) + camera.Folder)))];
    }

    /// <summary>Everybody of either camera, by name.</summary>
    public IEnumerable<string> Persons => _cameras.SelectMany(camera => camera.Films.Keys).Distinct().Order(StringComparer.Ordinal);

    /// <summary>On how many frames a person is in the camera that has fewer; 0 where one has none.</summary>
    public int FramesOf(string person) => _cameras.Min(camera => camera.Films.TryGetValue(person, out var frames) ? frames.Count : 0);

    public void Add(IEnumerable<string> trained, IEnumerable<string> tested)
    {
        foreach (var person in trained)
        {
            Add(person, [Split.Train, Split.Train]);
        }

        foreach (var person in tested)
        {
            Add(person, [Split.Query, Split.Gallery]);
        }
    }

    /// <summary>Frames of persons that are in no list are accounted for.</summary>
    public void LeaveOut(IEnumerable<string> persons)
    {
        foreach (var person in persons)
        {
            foreach (var (_, films) in _cameras)
            {
                _draft.Known.UnionWith(films.TryGetValue(person, out var frames) ? frames : []);
            }
        }
    }

    private void Add(string person, Split[] splits)
    {
        foreach (var ((camera, films), split) in _cameras.Zip(splits))
        {
            _draft.Add(split, person, new Camera(camera), films[person]);
        }
    }

    private static SortedDictionary<string, List<int>> Films(FileListing files, string folder)
    {
        var films = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        var (from, count) = files.Under(folder).GetOffsetAndLength(files.Files.Count);
        for (var file = from; file < from + count; file++)
        {
            if (Pattern.Match(files.Files[file].Name[folder.Length..]) is { Success: true } match)
            {
                var person = match.Groups[1].Value;
                (films.TryGetValue(person, out var frames) ? frames : films[person] = []).Add(file);
            }
        }

        return films;
    }

    /// <summary>A person's folder and a frame in it.</summary>
    [GeneratedRegex(@"^([^/]+)/[^/]+\.(?:png|jpg|jpeg|bmp)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
