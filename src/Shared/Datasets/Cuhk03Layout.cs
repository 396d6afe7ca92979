using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>
/// CUHK03 (Li et al., CVPR 2014), drawn by hand (labeled) or found by a detector (detected). Crops lie in folders detected and labeled (or images_detected,
/// images_labeled) and are called 1_001_2_06.png: camera pair, person, camera, column. The variants detected and labeled are the new protocol (Zhong et al., CVPR 2017:
/// 767 identities to learn from, 700 to search for), which cuhk03_new_protocol_config_detected.mat and …_labeled.mat say, or folders as Market-1501's inside detected and
/// labeled. The others are the 20 classic splits of 100 test identities, from testsets.txt (split, camera pair and person, from 1): all images of these are queries and gallery.
/// `reid dataset push cuhk-03.mat` makes images and testsets.txt of the authors' file. Every image is a tracklet of one, its identity the new protocol's label, whatever
/// the variant.
/// </summary>
public sealed class Cuhk03Layout : DatasetLayout
{
    public const string Detected = "detected";
    public const string Labeled = "labeled";

    /// <summary>Lines of three numbers: which split, which camera pair, who.</summary>
    public const string TestSets = "testsets.txt";

    /// <summary>How many classic splits there are.</summary>
    public const int Splits = 20;

    public const string Classic = "classic-";

    public static IReadOnlyList<string> Kinds { get; } = [Detected, Labeled];

    public override string Name => "cuhk03";

    public override IReadOnlyList<string> Variants { get; } =
        [.. Kinds, .. Kinds.SelectMany(kind => Enumerable.Range(1, Splits).Select(split => $"{Classic}{kind}-{split.ToString(CultureInfo.InvariantCulture)}"))];

    public override PublishedCounts Published => PublishedOf(Detected);

    public override PublishedCounts PublishedOf(string? variant) => variant switch
    {
        null or Detected => NewProtocol(7_365, 5_332),
        Labeled => NewProtocol(7_368, 5_328),
        _ => new PublishedCounts(new PublishedSplit(1_367, Cameras: 2, Distractors: 0), new PublishedSplit(100, Cameras: 2, Distractors: 0), new PublishedSplit(100, Cameras: 2, Distractors: 0)),
    };

    public override IReadOnlyList<string> Lacks(FileListing files)
    {
        var source = new Source(files);
        return Variants.Any(source.Has) ? []
            : source.HasCrops ? [string.Join(" or ", [.. Kinds.Select(Config), TestSets])]
            : [string.Join(" or ", Kinds.Select(kind => $"{kind}/{new Cuhk03Name(1, 1, 1, 1)}")), string.Join(" or ", [.. Kinds.Select(Config), TestSets])];
    }

    public override ManifestDraft Read(FileListing files) => Read(files, null);

    public override ManifestDraft Read(FileListing files, string? variant)
    {
        var draft = new ManifestDraft(files);
        var source = new Source(files);
        variant ??= Variants[0];
        var (kind, split) = Parse(variant);
        if (!source.Has(variant))
        {
            draft.Findings.Add(
                FindingSeverity.Error, "variant-lacks-files", "the variant's files are not there: add them, or name a variant that has all it needs",
                $"{variant} lacks {(split is not null ? TestSets : Config(kind))}, or crops in {kind}/; there is all for {string.Join(", ", Variants.Where(source.Has))}");
            return draft;
        }

        source.LeaveOut(draft);
        if (split is { } number)
        {
            Cuhk03Classic.Read(draft, source.Crops[kind], source.Protocol(TestSets)!, number);
        }
        else if (source.HasNewProtocol(kind))
        {
            Cuhk03NewProtocol.Read(draft, source.Crops[kind], source.Protocol(Config(kind))!);
        }
        else
        {
            foreach (var (file, part, name) in Repacked[kind].Images(files))
            {
                draft.Add(part, name.Groups[1].Value, new Camera(name.Groups[2].Value), [file]);
            }
        }

        return draft;
    }

    /// <summary>Does a folder with Market-1501's three lie in one of CUHK03's two?</summary>
    internal static bool Holds(string folder) => folder.Split('/') is [.., var kind, _, ""] && Kinds.Contains(kind);

    /// <summary>The file of the new protocol.</summary>
    public static string Config(string kind) => $"cuhk03_new_protocol_config_{kind}.mat";

    private static Dictionary<string, BoundingBoxFolders> Repacked { get; } = Kinds.ToDictionary(kind => kind, kind => new BoundingBoxFolders(BoundingBoxFolders.AnyName, kind + "/"));

    private static (string Kind, int? Split) Parse(string variant) =>
        variant.StartsWith(Classic, StringComparison.Ordinal) && variant[Classic.Length..].Split('-') is [var kind, var number]
            ? (kind, int.Parse(number, CultureInfo.InvariantCulture))
            : (variant, null);

    private static PublishedCounts NewProtocol(int train, int gallery) => new(
        new PublishedSplit(767, train, train, 2, 0), new PublishedSplit(700, 1_400, 1_400, 2, 0), new PublishedSplit(700, gallery, gallery, 2, 0));

    /// <summary>What of CUHK03 a listing has.</summary>
    private sealed class Source
    {
        private readonly FileListing _files;
        private readonly Dictionary<string, string?> _protocols = new(StringComparer.Ordinal);
        private readonly Dictionary<string, bool> _repacked = new(StringComparer.Ordinal);

        public Source(FileListing files)
        {
            _files = files;
            foreach (var file in files.Files)
            {
                if (Cuhk03Name.TryParse(file.Name, out _) && file.Name.AsSpan(0, file.Name.LastIndexOf('/') + 1) is var folder && KindOf(folder) is { } kind
                    && (!Crops.TryGetValue(kind, out var known) || folder.Length < known.Length))
                {
                    Crops[kind] = folder.ToString();
                }
            }
        }

        /// <summary>The folder of each kind's crops, the one nearest to the top.</summary>
        public Dictionary<string, string> Crops { get; } = new(StringComparer.Ordinal);

        public bool HasCrops => Crops.Count > 0;

        public bool Has(string variant) => Parse(variant) is var (kind, split) && split is null
            ? HasNewProtocol(kind) || IsRepacked(kind)
            : Crops.ContainsKey(kind) && Protocol(TestSets) is not null;

        public bool HasNewProtocol(string kind) => Crops.ContainsKey(kind) && Protocol(Config(kind)) is not null;

        /// <summary>A protocol's file with all that stands before it.</summary>
        public string? Protocol(string name)
        {
            if (!_protocols.TryGetValue(name, out var path))
            {
                _protocols[name] = path = _files.RootOf(name) is { } root ? root + name : null;
            }

            return path;
        }

        /// <summary>What other variants have is known, too.</summary>
        public void LeaveOut(ManifestDraft draft)
        {
            draft.Known.UnionWith(new[] { TestSets }.Concat(Kinds.Select(Config)).Select(Protocol).OfType<string>().Select(_files.IndexOf));
            foreach (var folder in Crops.Values)
            {
                var (from, count) = _files.Under(folder).GetOffsetAndLength(_files.Files.Count);
                draft.Known.UnionWith(Enumerable.Range(from, count).Where(file => Cuhk03Name.TryParse(_files.Files[file].Name, out _)));
            }

            foreach (var kind in Kinds.Where(IsRepacked))
            {
                draft.Known.UnionWith(Repacked[kind].Images(_files).Select(image => image.File));
            }
        }

        private bool IsRepacked(string kind)
        {
            if (!_repacked.TryGetValue(kind, out var isRepacked))
            {
                _repacked[kind] = isRepacked = Repacked[kind].Fit(_files);
            }

            return isRepacked;
        }

        private static string? KindOf(ReadOnlySpan<char> folder)
        {
            foreach (var kind in Kinds)
            {
                if (EndsIn(folder, kind + "/") || EndsIn(folder, $"images_{kind}/"))
                {
                    return kind;
                }
            }

            return null;
        }

        private static bool EndsIn(ReadOnlySpan<char> folder, string name) =>
            folder.EndsWith(name, StringComparison.Ordinal) && (folder.Length == name.Length || folder[^(name.Length + 1)] == '/');
    }
}
