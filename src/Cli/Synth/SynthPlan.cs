using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// Somebody walks past a camera. <see cref="Number"/> is the identity's, 0 for nobody's, −1 for a bad box; <see cref="Sequence"/> counts the tracklets of one
/// number in one camera.
/// </summary>
internal sealed record PlannedTracklet(Split Split, int Number, int Person, int Camera, int Sequence, int Frames)
{
    public const int Distractor = 0;
    public const int Junk = -1;
}

/// <summary>Who is seen where and when, before anything is drawn.</summary>
internal sealed class SynthPlan
{
    public SynthPlan(SynthSpec spec)
    {
        // Numbers of both sides are mixed, as in the published sets; families are not: whoever dresses alike is on one side.
        var numbers = Seeding.Stream(spec.Seed, "synth-numbers").Permutation(spec.TrainIdentities + spec.TestIdentities);
        var firstOfTest = WholeFamilies(spec.TrainIdentities);
        var firstStranger = firstOfTest + WholeFamilies(spec.TestIdentities);
        var train = People(numbers.AsSpan(0, spec.TrainIdentities), 0);
        var test = People(numbers.AsSpan(spec.TrainIdentities), firstOfTest);
        var tracklets = new List<PlannedTracklet>();
        foreach (var (number, person) in train)
        {
            tracklets.AddRange(Walks(spec, number, person));
        }

        var strangers = Seeding.Stream(spec.Seed, "synth-strangers");
        for (var i = 0; i < (spec.Distractors + 3) / 4; i++)
        {
            var person = test[strangers.NextInt(test.Count)].Person;
            tracklets.Add(new PlannedTracklet(Split.Gallery, PlannedTracklet.Junk, person, strangers.NextInt(spec.Cameras), i, spec.FramesPerTracklet));
        }

        for (var i = 0; i < spec.Distractors; i++)
        {
            tracklets.Add(new PlannedTracklet(
                Split.Gallery, PlannedTracklet.Distractor, firstStranger + i, strangers.NextInt(spec.Cameras), i, spec.FramesPerTracklet));
        }

        foreach (var (number, person) in test)
        {
            tracklets.AddRange(Walks(spec, number, person).Select(walk => walk with { Split = IsQuery(spec, walk) ? Split.Query : Split.Gallery }));
        }

        Tracklets = tracklets;
    }

    /// <summary>In the order of the protocol's tables: training, then junk, distractors and the test identities.</summary>
    public IReadOnlyList<PlannedTracklet> Tracklets { get; }

    /// <summary>The first of each camera, as MARS has one query per identity and camera; of single tracklets one camera's in turn.</summary>
    private static bool IsQuery(SynthSpec spec, PlannedTracklet walk) =>
        walk.Sequence == 0 && (spec.TrackletsPerCamera > 1 || walk.Person % spec.Cameras == walk.Camera);

    private static int WholeFamilies(int people) => (people + Appearance.FamilySize - 1) / Appearance.FamilySize * Appearance.FamilySize;

    /// <summary>Ascending by number, which says nothing about who dresses alike.</summary>
    private static List<(int Number, int Person)> People(ReadOnlySpan<int> numbers, int first)
    {
        var people = new List<(int Number, int Person)>();
        foreach (var number in numbers)
        {
            people.Add((number + 1, first + people.Count));
        }

        people.Sort();
        return people;
    }

    private static IEnumerable<PlannedTracklet> Walks(SynthSpec spec, int number, int person) =>
        from camera in Enumerable.Range(0, spec.Cameras)
        from sequence in Enumerable.Range(0, spec.TrackletsPerCamera)
        select new PlannedTracklet(Split.Train, number, person, camera, sequence, spec.FramesPerTracklet);
}
