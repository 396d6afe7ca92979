using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>
/// MSMT17 (Wei et al., CVPR 2018): folders train and test, in version 2, whose faces are blurred, mask_train_v2 and mask_test_v2, and lists of the images with their labels: list_train.txt,
/// list_val.txt, list_query.txt and list_gallery.txt, beside the folders or in them. The camera is the third field of an image's name (0000_000_01_0303morning_0008_0.jpg). Labels
/// of the training and of the test both begin at 0 and mean others, so test identities are called test-0000. By variant `train` the authors' list_train.txt is trained on, 30,248
/// images, and the 2,373 of list_val.txt are left out (spec of CBN §6); by `train-and-val` both are, 32,621. A list_train.txt that holds both already is known by its
/// count, or by holding what list_val.txt holds. Every image is a tracklet of one.
/// </summary>
public sealed class Msmt17Layout : DatasetLayout
{
    public const string Train = "train";
    public const string TrainAndVal = "train-and-val";

    /// <summary>Images of list_train.txt, of list_val.txt, and of the list that somebody made of both.</summary>
    public const int TrainImages = 30_248;
    public const int ValImages = 2_373;
    public const int MergedImages = TrainImages + ValImages;

    private const string TrainList = "list_train.txt";
    private const string ValList = "list_val.txt";
    private const string QueryList = "list_query.txt";
    private const string GalleryList = "list_gallery.txt";

    /// <summary>Of both versions, the first before the second.</summary>
    private static readonly string[] TrainFolders = ["train/", "mask_train_v2/"];
    private static readonly string[] TestFolders = ["test/", "mask_test_v2/"];

    public override string Name => "msmt17";

    public override IReadOnlyList<string> Variants { get; } = [Train, TrainAndVal];

    public override PublishedCounts Published => PublishedOf(Train);

    public override PublishedCounts PublishedOf(string? variant)
    {
        var train = variant == TrainAndVal ? MergedImages : TrainImages;
        return new PublishedCounts(new PublishedSplit(1_041, train, train, 15, 0), new PublishedSplit(3_060, 11_659, 11_659, 15, 0), new PublishedSplit(3_060, 82_161, 82_161, 15, 0));
    }

    public override IReadOnlyList<string> Lacks(FileListing files) =>
    [
        .. new[] { TrainList, QueryList, GalleryList }.Where(list => files.RootOf(list) is null),
        .. new[] { TrainFolders, TestFolders }.Where(folders => FolderOf(files, folders) is null).Select(folders => string.Join(" or ", folders)),
    ];

    public override ManifestDraft Read(FileListing files) => Read(files, null);

    public override ManifestDraft Read(FileListing files, string? variant)
    {
        var draft = new ManifestDraft(files);
        var (train, test) = (FolderOf(files, TrainFolders)!, FolderOf(files, TestFolders)!);
        var trained = Msmt17List.Read(draft, TrainList, train);
        var held = files.RootOf(ValList) is null ? null : Msmt17List.Read(draft, ValList, train);
        var isMerged = trained.Count == MergedImages || (held is { Count: > 0 } && held.All(image => trained.Has(image.File)));
        Training(draft, trained, held, isMerged, variant ?? Train);
        var queries = Msmt17List.Read(draft, QueryList, test);
        var gallery = Msmt17List.Read(draft, GalleryList, test);
        Once(draft, QueryList, queries, GalleryList, gallery);
        Add(draft, Split.Query, queries);
        Add(draft, Split.Gallery, gallery);
        if (train.EndsWith(TrainFolders[1], StringComparison.Ordinal) || test.EndsWith(TestFolders[1], StringComparison.Ordinal))
        {
            draft.Findings.Add(
                FindingSeverity.Note, "msmt17-version", "this is version 2, whose faces are blurred: figures are lower than of version 1, and only those of the same version compare", train);
        }

        return draft;
    }

    private static void Training(ManifestDraft draft, Msmt17List trained, Msmt17List? held, bool isMerged, string variant)
    {
        if (isMerged ? held is null && variant == Train : held is null && variant == TrainAndVal)
        {
            draft.Findings.Add(
                FindingSeverity.Error, "variant-lacks-files", "the variant's files are not there: add them, or name the other variant",
                isMerged
                    ? $"{variant} lacks {ValList}, without which nobody knows which of the {trained.Count} images of the merged {TrainList} are for validation; there is all for {TrainAndVal}"
                    : $"{variant} lacks {ValList}; there is all for {Train}");
        }

        List<Msmt17Image> images = [.. trained.Where(image => !isMerged || variant == TrainAndVal || held?.Has(image.File) != true)];
        if (held is not null && !isMerged)
        {
            Once(draft, TrainList, trained, ValList, held);
            images.AddRange(variant == TrainAndVal ? held : []);
        }

        // Files of the other variant are accounted for.
        draft.Known.UnionWith([.. trained.Select(image => image.File), .. held?.Select(image => image.File) ?? []]);
        Add(draft, Split.Train, images);
        Labels(draft, [.. images.Select(image => image.Label).Distinct().Order()]);
        draft.Findings.Add(
            FindingSeverity.Note, "msmt17-training-list",
            $"two training lists are in use: {TrainImages} images, and {MergedImages} with those of {ValList}. Only results of the same compare: name the variant that is meant ({Train} or {TrainAndVal})",
            $"{images.Count} images by variant {variant}{(isMerged ? $", of a {TrainList} that holds {ValList} too" : "")}");
    }

    /// <summary>What a list of the reference's must be, and what makes a label the rank that it is here.</summary>
    private static void Labels(ManifestDraft draft, IReadOnlyList<int> labels)
    {
        if (labels.Index().Any(label => label.Item != label.Index))
        {
            draft.Findings.Add(
                FindingSeverity.Warning, "labels-differ", "training labels are not 0, 1, 2 … without a gap: ranks are taken instead, and class scores of others' checkpoints mean others",
                $"{labels.Count} labels from {labels[0]} to {labels[^1]}");
        }
    }

    private static void Once(ManifestDraft draft, string firstName, Msmt17List first, string secondName, Msmt17List second)
    {
        foreach (var image in second.Where(image => first.Has(image.File)))
        {
            draft.Findings.Add(
                FindingSeverity.Error, "msmt17-both-lists", "images are in two lists: take lists of one release", $"{draft.Files.Files[image.File].Name} ({firstName} and {secondName})");
        }
    }

    private static void Add(ManifestDraft draft, Split split, IEnumerable<Msmt17Image> images)
    {
        foreach (var image in images)
        {
            var label = image.Label.ToString("D4", CultureInfo.InvariantCulture);
            draft.Add(split, split == Split.Train ? label : $"test-{label}", new Camera(image.Camera.ToString(CultureInfo.InvariantCulture)), [image.File]);
        }
    }

    private static string? FolderOf(FileListing files, string[] folders) =>
        folders.Select(folder => files.RootOf(folder) is { } root ? root + folder : null).FirstOrDefault(folder => folder is not null);
}
