using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>
/// DukeMTMC-reID (Zheng et al., ICCV 2017): folders as Market-1501's, with identity, camera and the film's frame in each name: 0005_c2_f0046985.jpg. There is no junk
/// and no distractor; the 408 identities that are in the gallery only are ordinary ones. Every image is a tracklet of one. The data set was withdrawn by its
/// authors in 2019.
/// </summary>
public sealed partial class DukeMtmcReidLayout : DatasetLayout
{
    private static readonly BoundingBoxFolders Folders = new(Pattern);

    public override string Name => "dukemtmc-reid";

    public override PublishedCounts Published { get; } = new(
        new PublishedSplit(702, 16_522, 16_522, 8, 0), new PublishedSplit(702, 2_228, 2_228, 8, 0), new PublishedSplit(1_110, 17_661, 17_661, 8, 0));

    public override IReadOnlyList<string> Lacks(FileListing files) =>
        [.. Folders.Lacks(files).Select(folder => folder + "0005_c2_f0046985.jpg")];

    public override ManifestDraft Read(FileListing files)
    {
        var draft = new ManifestDraft(files);
        foreach (var (file, split, name) in Folders.Images(files))
        {
            draft.Add(split, name.Groups[1].Value, new Camera(name.Groups[2].Value), [file]);
        }

        return draft;
    }

    [GeneratedRegex(@"^([0-9]{4})_c([0-9]{1,2})_f[0-9]+\.(?:jpg|jpeg|png|bmp)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern { get; }
}
