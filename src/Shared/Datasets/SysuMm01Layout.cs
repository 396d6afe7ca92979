using System.Globalization;
using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>
/// SYSU-MM01 (Wu et al., ICCV 2017 and IJCV 2020): folders cam1 to cam6 with a folder of each person (cam3/0007/0001.jpg), cameras 3 and 6 infrared, the others visible. Who is trained on says
/// exp/train_id and exp/val_id, who is tested exp/test_id, each as .mat or .txt or both. The training has the persons of both first lists; all infrared images of the test are queries, all visible ones
/// are the gallery, and where exp/rand_perm_cam.mat is there the manifest keeps its ten draws of galleries. By variant `train` the training leaves out the persons of val_id, and these are measured on instead
/// of the test. By variant `packed` the training is read from the arrays of the usual pre-processing, train_rgb_resized_img.npy, train_rgb_resized_label.npy and the same of ir, which say the modality of an image but not its camera;
/// `reid dataset pack` writes them. Every image is a tracklet of one; tracklets stand in the order of persons, cameras and names.
/// </summary>
public sealed partial class SysuMm01Layout : DatasetLayout
{
    internal const string Trainval = "trainval";
    internal const string Train = "train";
    internal const string Packed = "packed";

    private static readonly PublishedSplit Tested = Of(96, (3, 1_883), (6, 1_920));
    private static readonly PublishedSplit Searched = Of(96, (1, 1_374), (2, 1_565), (4, 1_918), (5, 1_918));

    /// <summary>Per camera as counted from the authors' files; of the validation part only cameras 3, 4 and 5 saw anybody.</summary>
    private static readonly PublishedCounts Whole = new(Of(395, (1, 4_721), (2, 5_753), (3, 7_909), (4, 5_811), (5, 5_973), (6, 4_000)), Tested, Searched);

    private static readonly PublishedCounts HeldOut = new(
        new PublishedSplit(296, 30_213, 30_213, 6, 0), new PublishedSplit(99, 1_980, 1_980, 1, 0), new PublishedSplit(99, 1_974, 1_974, 2, 0));

    private static readonly PublishedCounts Arrays = Whole with
    {
        Train = new PublishedSplit(395, 34_167, 34_167, 2, 0) { FramesByCamera = new Dictionary<string, int> { ["visible"] = 22_258, ["infrared"] = 11_909 } },
    };

    public override string Name => "sysu-mm01";

    public override IReadOnlyList<string> Variants => [Trainval, Train, Packed];

    public override PublishedCounts Published => Whole;

    public override PublishedCounts PublishedOf(string? variant) => variant switch { Train => HeldOut, Packed => Arrays, _ => Whole };

    public override IReadOnlyList<string> Lacks(FileListing files) =>
        [.. SysuLists.Lacks(files), .. Images(files).Any() ? Array.Empty<string>() : ["cam1/0001/0001.jpg"]];

    public override ManifestDraft Read(FileListing files) => Read(files, null);

    public override ManifestDraft Read(FileListing files, string? variant)
    {
        var hasArrays = SysuArrays.AreIn(files);
        if (variant == Packed && !hasArrays)
        {
            return Lacking(files, "the variant's files are not there: add them, or name a variant that has all it needs", string.Join(", ", SysuArrays.Names));
        }

        var arrays = variant == Packed ? SysuArrays.Open(files) : null;
        var draft = new ManifestDraft(arrays?.Files ?? files);
        if (SysuLists.Read(draft) is not { } lists)
        {
            return draft;
        }

        draft.Known.UnionWith(SysuArrays.Names.Where(name => draft.Files.RootOf(name) is not null).Select(name => draft.Files.IndexOf(draft.Files.RootOf(name) + name)));
        int[] all = [.. lists.Train.Concat(lists.Validation).Order()];
        var images = Images(draft.Files).ToLookup(image => image.Identity);
        var (trained, tested) = variant switch { Train => (lists.Train, lists.Validation), Packed => ([], lists.Test), _ => (all, lists.Test) };
        if (hasArrays && variant != Packed && !trained.Any(images.Contains))
        {
            return Lacking(files, "the training's images are not there, but arrays of them are: add the images, or name the variant packed (--variant packed)", "cam1/0001/0001.jpg");
        }

        arrays?.AddTo(draft, all);
        var gallery = new List<SysuImage>();
        foreach (var identity in trained)
        {
            Add(identity, _ => Split.Train);
        }

        foreach (var identity in tested)
        {
            Add(identity, image => image.IsInfrared ? Split.Query : Split.Gallery);
        }

        LeaveOut(draft, images, lists, [.. trained, .. tested]);
        SysuPermutations.Read(draft, gallery);
        return draft;

        void Add(int identity, Func<SysuImage, Split> splitOf)
        {
            if (!images.Contains(identity))
            {
                draft.Findings.Add(
                    FindingSeverity.Error, "missing-identity", "the lists name persons of whom there is no image: upload their folders too, or take them off the lists", SysuImage.Show(identity));
            }

            foreach (var image in images[identity].OrderBy(image => image.Camera))
            {
                var split = splitOf(image);
                draft.Add(split, SysuImage.Show(identity), image.Sensor, [image.File]);
                if (split == Split.Gallery)
                {
                    gallery.Add(image);
                }
            }
        }
    }

    private static ManifestDraft Lacking(FileListing files, string message, string what)
    {
        var draft = new ManifestDraft(files);
        draft.Findings.Add(FindingSeverity.Error, "variant-lacks-files", message, what);
        return draft;
    }

    /// <summary>Of the persons in other lists than this variant's nothing is said; some persons of the authors' folders are in no list.</summary>
    private static void LeaveOut(ManifestDraft draft, ILookup<int, SysuImage> images, SysuLists lists, HashSet<int> used)
    {
        var listed = lists.Train.Concat(lists.Validation).Concat(lists.Test).ToHashSet();
        var others = images.Where(person => !used.Contains(person.Key)).ToList();
        draft.Known.UnionWith(others.SelectMany(person => person).Select(image => image.File));
        var unlisted = others.Where(person => !listed.Contains(person.Key)).ToList();
        draft.Findings.Add(
            FindingSeverity.Note, "persons-left-out", "persons are in none of the lists and are left out", unlisted.Count, unlisted.Select(person => SysuImage.Show(person.Key)).Order(StringComparer.Ordinal));
    }

    /// <summary>All images in the order of their names.</summary>
    private static IEnumerable<SysuImage> Images(FileListing files)
    {
        var roots = Enumerable.Range(1, SysuImage.Cameras).Select(camera => files.RootOf($"cam{camera.ToString(CultureInfo.InvariantCulture)}/")).OfType<string>();
        if (roots.MinBy(root => root.Length) is not { } top)
        {
            yield break;
        }

        var (from, count) = files.Under(top + "cam").GetOffsetAndLength(files.Files.Count);
        for (var file = from; file < from + count; file++)
        {
            if (Pattern.Match(files.Files[file].Name[top.Length..]) is { Success: true } match)
            {
                yield return new SysuImage(file, match.Groups[1].ValueSpan[0] - '0', int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
            }
        }
    }

    private static PublishedSplit Of(int identities, params (int Camera, int Frames)[] cameras)
    {
        var frames = cameras.Sum(camera => camera.Frames);
        return new PublishedSplit(identities, frames, frames, cameras.Length, 0)
        {
            FramesByCamera = cameras.ToDictionary(camera => camera.Camera.ToString(CultureInfo.InvariantCulture), camera => camera.Frames),
        };
    }

    /// <summary>A camera's folder, a person's, and a picture that is not hidden.</summary>
    [GeneratedRegex(@"^cam([1-6])/([0-9]{4})/[^./][^/]*\.(?:jpg|jpeg|png|bmp)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}

/// <summary>An image of SYSU-MM01, by its place in the listing.</summary>
internal readonly record struct SysuImage(int File, int Camera, int Identity)
{
    public const int Cameras = 6;

    public bool IsInfrared => Camera is 3 or 6;

    public Camera Sensor => new(Camera.ToString(CultureInfo.InvariantCulture), IsInfrared ? Modality.Infrared : Modality.Visible);

    /// <summary>A person as the folders are called.</summary>
    public static string Show(int identity) => identity.ToString("D4", CultureInfo.InvariantCulture);
}
