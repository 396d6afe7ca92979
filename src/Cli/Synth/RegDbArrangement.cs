using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// As <see cref="RegDbLayout"/> reads it, its pictures as JPEG: a visible and an infrared camera that look at the same walks, and lists of ten random divisions of the persons. Strangers and junk are left out.
/// </summary>
internal sealed class RegDbArrangement(SynthSpec spec) : SynthArrangement
{
    public const int Cameras = 2;

    /// <summary>Of a part.</summary>
    public const int MostPersons = 206;

    private const int Splits = 10;
    private static readonly (string Folder, string List, char Letter)[] Sensors = [("Visible", "visible", 'v'), ("Thermal", "thermal", 't')];
    private static readonly string[] Kinds = ["male_front", "male_back", "female_front", "female_back"];
    private readonly SortedDictionary<int, List<string>[]> _persons = [];

    public override IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet)
    {
        if (tracklet.Number <= PlannedTracklet.Distractor)
        {
            return [];
        }

        var (folder, _, letter) = Sensors[tracklet.Camera];
        var images = (_persons.TryGetValue(tracklet.Number, out var known) ? known : _persons[tracklet.Number] = [[], []])[tracklet.Camera];
        string[] names = [.. Enumerable.Range(images.Count + 1, tracklet.Frames).Select(number =>
            Invariant($"{folder}/{tracklet.Number}/{Kinds[tracklet.Number % Kinds.Length]}_{letter}_{number:D5}_{tracklet.Number}.jpg"))];
        images.AddRange(names);
        return [.. names.Select((name, frame) => (frame, $"RegDB/{name}"))];
    }

    public override IEnumerable<(string Name, byte[] Content)> Protocol()
    {
        int[] persons = [.. _persons.Keys];
        for (var split = 1; split <= Splits; split++)
        {
            int[] drawn = [.. Seeding.Stream(spec.Seed, "synth-splits", split).Permutation(persons.Length).Select(place => persons[place])];
            foreach (var (part, who) in new[] { ("train", drawn[..spec.TrainIdentities]), ("test", drawn[spec.TrainIdentities..]) })
            {
                for (var camera = 0; camera < Sensors.Length; camera++)
                {
                    yield return (
                        Invariant($"RegDB/idx/{part}_{Sensors[camera].List}_{split}.txt"),
                        Lines(who.Order().SelectMany((person, label) => _persons[person][camera].Select(name => Invariant($"{name} {label}")))));
                }
            }
        }
    }
}
