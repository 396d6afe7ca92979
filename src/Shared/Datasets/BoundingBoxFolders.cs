using System.Text.RegularExpressions;

namespace ReidCloud.Datasets;

/// <summary>The arrangement that began with Market-1501: folders bounding_box_train, query and bounding_box_test, and who is seen by which camera in each image's name.</summary>
/// <param name="name">Of an image; its first group is the identity, its second the camera. Only with such images is a folder called "query" the one that is meant.</param>
/// <param name="inside">The folder that holds the three, with its '/', where a layout asks for one.</param>
internal sealed partial class BoundingBoxFolders(Regex name, string inside = "")
{
    public const string Train = "bounding_box_train/";

    private static readonly (string Folder, Split Split)[] All = [(Train, Split.Train), ("query/", Split.Query), ("bounding_box_test/", Split.Gallery)];

    public IReadOnlyList<string> Lacks(FileListing files) =>
        [.. All.Select(pair => pair.Folder).Where(folder => PlaceOf(files, folder) is null).Select(folder => inside + folder)];

    public bool Fit(FileListing files) => All.All(pair => PlaceOf(files, pair.Folder) is not null);

    /// <summary>All images, folder by folder, and how each one's name is read.</summary>
    public IEnumerable<(int File, Split Split, Match Name)> Images(FileListing files)
    {
        foreach (var (folder, split) in All)
        {
            var (from, count) = files.Under(PlaceOf(files, folder)!).GetOffsetAndLength(files.Files.Count);
            for (var file = from; file < from + count; file++)
            {
                if (name.Match(FileName(files.Files[file].Name)) is { Success: true } match)
                {
                    yield return (file, split, match);
                }
            }
        }
    }

    /// <summary>One of the three folders with all that stands before it; null where there is none with an image.</summary>
    public string? PlaceOf(FileListing files, string folder) =>
        files.RootOf(inside + folder) is { } root && files.Files.Take(files.Under(root + inside + folder)).Any(file => name.IsMatch(FileName(file.Name)))
            ? root + inside + folder
            : null;

    public static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>An image's name in any set of this arrangement.</summary>
    [GeneratedRegex(@"^(-?[0-9]{1,9})_c([0-9]{1,3})(?:s[0-9]+)?_.*\.(?:jpg|jpeg|png|bmp)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex AnyName { get; }
}
