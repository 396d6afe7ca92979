using System.Text;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// As <see cref="SysuMm01Layout"/> reads it: six cameras, of which the third and the sixth see infrared light, and the folder exp with the lists in both forms and ten draws of galleries. A quarter of the persons for training are
/// for validation. Strangers and junk are left out.
/// </summary>
internal sealed class SysuMm01Arrangement(SynthSpec spec) : SynthArrangement
{
    public const int Cameras = 6;
    private const int Trials = 10;
    private const int TrainedOfValidation = 4;

    private readonly SortedSet<int> _trained = [];
    private readonly SortedSet<int> _tested = [];
    private readonly Dictionary<(int Camera, int Person), int> _images = [];

    public override IReadOnlyList<(int Frame, string Name)> Add(PlannedTracklet tracklet)
    {
        if (tracklet.Number <= PlannedTracklet.Distractor)
        {
            return [];
        }

        (tracklet.Split == Split.Train ? _trained : _tested).Add(tracklet.Number);
        var before = _images.GetValueOrDefault((tracklet.Camera, tracklet.Number));
        _images[(tracklet.Camera, tracklet.Number)] = before + tracklet.Frames;
        return [.. Enumerable.Range(0, tracklet.Frames).Select(frame => (frame, Invariant($"SYSU-MM01/cam{tracklet.Camera + 1}/{tracklet.Number:D4}/{before + frame + 1:D4}.jpg")))];
    }

    public override IEnumerable<(string Name, byte[] Content)> Protocol()
    {
        var validation = Math.Max(1, _trained.Count / TrainedOfValidation);
        int[] train = [.. _trained.Take(_trained.Count - validation)], val = [.. _trained.TakeLast(validation)], test = [.. _tested];
        foreach (var (name, persons) in new[] { ("train_id", train), ("val_id", val), ("test_id", test), ("available_id", [.. _trained.Concat(_tested).Order()]) })
        {
            yield return ($"SYSU-MM01/exp/{name}.txt", Encoding.ASCII.GetBytes(string.Join(',', persons.Select(person => Invariant($"{person}"))) + "\n"));
            yield return ($"SYSU-MM01/exp/{name}.mat", MatFileWriter.Write((new MatMatrix("id", 1, persons.Length, [.. persons.Select(person => (double)person)]), MatType.UInt16)));
        }

        var last = _trained.Concat(_tested).Max();
        yield return ("SYSU-MM01/exp/rand_perm_cam.mat", MatFileWriter.Write("rand_perm_cam", [.. Enumerable.Range(0, Cameras).Select(camera =>
            Enumerable.Range(1, last).Select(person => _images.TryGetValue((camera, person), out var count) ? Permutations(camera, person, count) : null).ToArray())]));
    }

    /// <summary>A row a trial.</summary>
    private MatMatrix Permutations(int camera, int person, int count)
    {
        var rows = Enumerable.Range(0, Trials).Select(trial => Seeding.Stream(spec.Seed, "synth-gallery", camera, person, trial).Permutation(count)).ToArray();
        return new MatMatrix("", Trials, count, [.. Enumerable.Range(0, count).SelectMany(column => rows.Select(row => row[column] + 1.0))]);
    }
}
