using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>
/// The galleries that SYSU-MM01's authors drew, exp/rand_perm_cam.mat: a cell for each camera, in it one for each person, each a matrix of ten rows that are orders of the person's images by name, counted from 1; empty where
/// the camera has none. Trial t has of each person and camera the first, or the first ten, of row t.
/// </summary>
internal static class SysuPermutations
{
    private const string FileName = "exp/rand_perm_cam.mat";
    private const string Variable = "rand_perm_cam";
    private const int Trials = 10;

    /// <param name="gallery">In the order of persons, cameras and names.</param>
    public static void Read(ManifestDraft draft, IReadOnlyList<SysuImage> gallery)
    {
        if (draft.Files.RootOf(FileName) is not { } root || MatTables.Cells(draft, root + FileName, Variable) is not { } cells)
        {
            return;
        }

        var draws = Enumerable.Range(0, Trials).Select(_ => new List<int>()).ToArray();
        foreach (var images in gallery.GroupBy(image => (image.Camera, image.Identity)).Select(group => group.ToArray()))
        {
            var (camera, identity) = (images[0].Camera, images[0].Identity);
            var matrix = camera <= cells.Count && identity <= cells[camera - 1].Count ? cells[camera - 1][identity - 1] : null;
            if (matrix is null || matrix.Rows != Trials || matrix.Columns != images.Length)
            {
                Fault(draft, $"{FileName}: camera {camera}, person {SysuImage.Show(identity)}: {(matrix is null ? "has no matrix" : $"is {matrix.Rows}×{matrix.Columns}")}, where there are {images.Length} images and {Trials} trials");
                continue;
            }

            for (var trial = 0; trial < Trials; trial++)
            {
                Draw(draft, draws[trial], matrix, trial, images);
            }
        }

        if (!draft.Findings.HasErrors)
        {
            foreach (var draw in draws)
            {
                draft.Draw(draw);
            }
        }
    }

    private static void Draw(ManifestDraft draft, List<int> draw, MatMatrix matrix, int trial, SysuImage[] images)
    {
        var isDrawn = new bool[images.Length];
        for (var place = 0; place < Math.Min(images.Length, DatasetManifest.MostDrawn); place++)
        {
            var entry = matrix[trial, place];
            if (!MatTables.IsInteger(entry) || entry < 1 || entry > images.Length || isDrawn[(int)entry - 1])
            {
                Fault(draft, $"{FileName}: camera {images[0].Camera}, person {SysuImage.Show(images[0].Identity)}, trial {trial + 1}: {entry.ToString(CultureInfo.InvariantCulture)} is none of {images.Length} images, or is there twice");
                return;
            }

            isDrawn[(int)entry - 1] = true;
            draw.Add(images[(int)entry - 1].File);
        }
    }

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(
            FindingSeverity.Error, "sysu-permutations", "the drawn galleries do not fit the images: take all images and the authors' file, or leave it out, and galleries are drawn by seed", where);
}
