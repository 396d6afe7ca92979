namespace ReidCloud.Datasets;

/// <summary>
/// iLIDS-VID (Wang et al., ECCV 2014): films of 300 persons by two cameras, sequences/cam1/person001/cam1_person001_00317.png, and the authors' ten splits in
/// train_test_splits_ilidsvid.mat: half of the persons for training, of the other half the first camera's films are searched for among the second's. The single images in the folder
/// images are left out.
/// </summary>
public sealed class IlidsVidLayout : DatasetLayout
{
    private const string First = "sequences/cam1/";
    private const string Second = "sequences/cam2/";
    private const string Splits = "train_test_splits_ilidsvid.mat";
    private static readonly string[] Unread = ["images/cam1/", "images/cam2/"];

    public override string Name => "ilids-vid";

    public override IReadOnlyList<string> Variants => SplitVariants.Names;

    public override PublishedCounts Published { get; } = new(
        new PublishedSplit(150, 300, Cameras: 2, Distractors: 0), new PublishedSplit(150, 150, Cameras: 1, Distractors: 0), new PublishedSplit(150, 150, Cameras: 1, Distractors: 0));

    public override IReadOnlyList<string> Lacks(FileListing files) => [.. new[] { First, Second, Splits }.Where(path => files.RootOf(path) is null)];

    public override ManifestDraft Read(FileListing files) => Read(files, null);

    public override ManifestDraft Read(FileListing files, string? variant)
    {
        var draft = new ManifestDraft(files);
        var films = new TwoCameraFilms(draft, (First, "1"), (Second, "2"));
        string[] persons = [.. films.Persons];
        foreach (var person in persons.Where(person => films.FramesOf(person) == 0))
        {
            draft.Findings.Add(FindingSeverity.Error, "one-camera-person", "persons are in one of the two cameras only: take the whole set", person);
        }

        foreach (var folder in Unread.Where(folder => files.RootOf(folder) is not null))
        {
            var (from, count) = files.Under(files.RootOf(folder) + folder).GetOffsetAndLength(files.Files.Count);
            draft.Known.UnionWith(Enumerable.Range(from, count));
        }

        if (!draft.Findings.HasErrors && SplitTable.Read(draft, files.RootOf(Splits) + Splits, SplitVariants.NumberOf(variant), persons) is var (trained, tested))
        {
            films.Add(trained, tested);
        }

        return draft;
    }
}
