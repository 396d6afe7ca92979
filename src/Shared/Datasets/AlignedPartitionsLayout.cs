using System.Globalization;
using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>
/// The transformed form of AlignedReID's code: a folder images (trainval_images of the set of three) with names of identity, camera and a running number
/// (00000002_0001_00000000.jpg), and partitions.pkl, which says what is trained on and what is searched for in what. By variant `train` the training leaves out the 100 persons of its
/// validation part, and these are measured on instead of the test. `detected` and `labeled` are CUHK03's supplied file, which holds the partitions of both. An identity 0 that is neither trained on nor
/// searched for is nobody's. Where there is no test, as in the set of three, nothing is measured.
/// </summary>
public sealed partial class AlignedPartitionsLayout : DatasetLayout
{
    private const string FileName = "partitions.pkl";
    private const string Folder = "images/";
    private const string CombinedFolder = "trainval_images/";
    private const string Trainval = "trainval";
    private const string Train = "train";
    private static readonly string[] Kinds = ["detected", "labeled"];
    private static readonly Split[] Marks = [Split.Query, Split.Gallery, Split.MultiQuery];

    /// <summary>Spec of AlignedReID §12 and of the data sets §4.2, by the number of persons: images of the training, and of the test of each mark.</summary>
    private static readonly Dictionary<int, (string Name, int[] Frames)> Known = new()
    {
        [751] = ("Market-1501", [12_936, 3_368, 15_913, 12_688]),
        [702] = ("DukeMTMC-reID", [16_522, 2_228, 17_661, 0]),
        [2_220] = ("the set of three", [36_823, 0, 0, 0]),
    };

    public override string Name => "aligned-partitions";

    public override IReadOnlyList<string> Variants => [Trainval, Train, .. Kinds];

    public override IReadOnlyList<string> Lacks(FileListing files) =>
        [.. files.RootOf(FileName) is null ? [FileName] : Array.Empty<string>(), .. FolderOf(files, "") is null && Kinds.All(kind => FolderOf(files, kind) is null) ? [Folder] : Array.Empty<string>()];

    public override ManifestDraft Read(FileListing files) => Read(files, Trainval);

    public override ManifestDraft Read(FileListing files, string? variant)
    {
        var draft = new ManifestDraft(files);
        var name = files.RootOf(FileName) + FileName;
        draft.Known.Add(files.IndexOf(name));
        var partitions = Partitions.Read(files, name);
        var kinds = Kinds.Where(kind => partitions.Part(kind) is not null).ToList();
        if (Kinds.Contains(variant) != kinds.Contains(variant!) || (kinds.Count > 0 && !Kinds.Contains(variant)))
        {
            var there = kinds.Count > 0 ? kinds : [Trainval, .. partitions.Keys.Contains("val_im_names") ? [Train] : Array.Empty<string>()];
            draft.Findings.Add(FindingSeverity.Error, "variant-missing", $"{FileName} holds other variants than {variant}: name one of them (--variant)", string.Join(", ", there));
            return draft;
        }

        var folder = Kinds.Contains(variant) ? FolderOf(files, variant!) ?? FolderOf(files, "") : FolderOf(files, "");
        new Reading(draft, folder ?? "", Kinds.Contains(variant) ? partitions.Part(variant!)! : partitions).Fill(variant!);
        return draft;
    }

    /// <summary>Only with an image of this layout is a folder called "images" the one that is meant.</summary>
    private static string? FolderOf(FileListing files, string kind) => ((string[])[Folder, CombinedFolder])
        .Select(folder => kind.Length == 0 ? folder : $"{kind}/{folder}")
        .Select(folder => files.RootOf(folder) is { } root ? root + folder : null)
        .FirstOrDefault(folder => folder is not null && files.Files.Take(files.Under(folder)).Any(file => Pattern.IsMatch(file.Name[folder.Length..])));

    private sealed class Reading(ManifestDraft draft, string folder, Partitions partitions)
    {
        private readonly HashSet<long> _real = [];

        public void Fill(string variant)
        {
            var isTrainval = variant == Trainval;
            var trained = Names(isTrainval ? "trainval_im_names" : "train_im_names", isNeeded: true);
            var tested = Kinds.Contains(variant) ? OfBoth() : isTrainval ? Marked("test") : Marked("val");
            foreach (var image in trained.Concat(tested.Where(image => image.Split == Split.Query).Select(image => image.Name)).Select(Parsed).OfType<(long Identity, string)>())
            {
                _real.Add(image.Identity);
            }

            Add(Split.Train, trained);
            foreach (var split in tested.ToLookup(image => image.Split, image => image.Name).OrderBy(split => split.Key))
            {
                Add(split.Key, split);
            }

            CheckLabels(isTrainval ? "trainval_ids2labels" : "train_ids2labels", trained);
            if (tested.Count == 0)
            {
                draft.Findings.Add(
                    FindingSeverity.Note, "no-test", "there is no test in it: a network that was trained on it is measured on other data sets (reid evaluate RUN --dataset NAME)", FileName);
            }

            Compare(isTrainval || tested.Count == 0, trained, tested);
        }

        private void Add(Split split, IEnumerable<string> names)
        {
            foreach (var name in names)
            {
                var file = draft.Files.IndexOf(folder + name);
                if (Parsed(name) is not { } image)
                {
                    draft.Findings.Add(
                        FindingSeverity.Error, "partition-name", $"names of {FileName} are none of images (00000002_0001_00000000.jpg): take images and partitions of one release", name);
                }
                else if (file < 0)
                {
                    draft.Findings.Add(FindingSeverity.Error, "missing-file", "the protocol names files that are not there: upload them too", $"{folder}{name} ({FileName})");
                }
                else
                {
                    var isNobody = image.Identity == 0 && split == Split.Gallery && !_real.Contains(0);
                    draft.Add(split, isNobody ? null : image.Identity.ToString("D4", CultureInfo.InvariantCulture), new Camera(image.Camera), [file]);
                }
            }
        }

        private List<(Split Split, string Name)> OfBoth() =>
            [.. Names("query_im_names", isNeeded: true).Select(name => (Split.Query, name)), .. Names("gallery_im_names", isNeeded: true).Select(name => (Split.Gallery, name))];

        /// <summary>Nothing where there is no such part; the validation part must be there.</summary>
        private List<(Split Split, string Name)> Marked(string part)
        {
            var names = Names($"{part}_im_names", isNeeded: part == "val");
            var marks = partitions.Numbers($"{part}_marks") ?? [];
            if (names.Count != marks.Count || marks.Any(mark => mark < 0 || mark >= Marks.Length))
            {
                draft.Findings.Add(
                    FindingSeverity.Error, "partition-marks", $"marks of {FileName} are not one for each name, 0 for a query, 1 for the gallery, 2 for further images of a query", $"{part}_marks: {marks.Count} for {names.Count} names");
                return [];
            }

            return [.. names.Zip(marks, (name, mark) => (Marks[mark], name))];
        }

        private IReadOnlyList<string> Names(string key, bool isNeeded)
        {
            var names = partitions.Names(key);
            if (names is null && isNeeded)
            {
                draft.Findings.Add(FindingSeverity.Error, "partition-missing", $"{FileName} lacks lists: take the authors' file, or another variant", key);
            }

            return names ?? [];
        }

        /// <summary>Ours are ranks, too, so that checkpoints of both fit.</summary>
        private void CheckLabels(string key, IReadOnlyList<string> trained)
        {
            var ranks = trained.Select(Parsed).OfType<(long Identity, string)>().Select(image => image.Identity).Distinct().Order().Index().ToDictionary(rank => rank.Item, rank => (long)rank.Index);
            if (partitions.Labels(key) is { } labels && !(labels.Count == ranks.Count && ranks.All(rank => labels.TryGetValue(rank.Key, out var label) && label == rank.Value)))
            {
                draft.Findings.Add(
                    FindingSeverity.Warning, "labels-differ", $"labels of {FileName} are not the ranks of the identities that are trained on: class scores of the authors' checkpoints mean others", key);
            }
        }

        private void Compare(bool isWhole, IReadOnlyList<string> trained, List<(Split Split, string Name)> tested)
        {
            var persons = trained.Select(Parsed).OfType<(long Identity, string)>().Select(image => image.Identity).Distinct().Count();
            if (!isWhole || !Known.TryGetValue(persons, out var known))
            {
                return;
            }

            int[] found = [trained.Count, .. Marks.Select(mark => tested.Count(image => image.Split == mark))];
            var differences = new[] { "train", "query", "gallery", "multi-query" }.Index().Where(split => found[split.Index] != known.Frames[split.Index])
                .Select(split => $"{split.Item} frames: {found[split.Index]}, published of {known.Name} {known.Frames[split.Index]}").ToList();
            draft.Findings.Add(FindingSeverity.Note, "published-counts", "numbers differ from those that the authors published", differences.Count, differences);
        }

        private static (long Identity, string Camera)? Parsed(string name) => Pattern.Match(name) is { Success: true } match
            ? (long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture))
            : null;
    }

    [GeneratedRegex(@"^([0-9]{8})_([0-9]{4})_[0-9]{8}\.(?:jpg|jpeg|png|bmp)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
