using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Alignment;

/// <summary>
/// AlignedReID's distance of two images by their stripes (N and M images, H and G stripes, C numbers each): the cheapest way through the table of the stripes'
/// distances, from the two topmost to the two lowest, a stripe further down in one of the images at each step. An image's distance to itself is therefore not 0.
/// Spec of AlignedReID §2. All differentiable.
/// </summary>
/// <remarks>
/// The reference program also has a routine for two single images, `meta_local_dist`, whose slip of an axis makes it the sum of the table's first column. Nothing in
/// its training or testing calls it so, and the slip is not kept: of two images the distance is what it is of many.
/// </remarks>
internal static class LocalDistance
{
    /// <summary>Of every image of one batch to every image of another, by one product of all stripes and one way for all pairs at once.</summary>
    public static Tensor Between(Tensor x_NHC, Tensor y_MGC)
    {
        var distance_NHxMG = Euclidean.Between(x_NHC.flatten(0, 1), y_MGC.flatten(0, 1));
        return ShortestPath(Elements(distance_NHxMG).view(x_NHC.shape[0], x_NHC.shape[1], y_MGC.shape[0], y_MGC.shape[1]).permute(1, 3, 0, 2));
    }

    /// <summary>Of each image to the one at its place in the other batch.</summary>
    public static Tensor OfPairs(Tensor x_NHC, Tensor y_NGC) => ShortestPath(Elements(Euclidean.Between(x_NHC, y_NGC)).permute(1, 2, 0));

    /// <summary>(eᵈ − 1) / (eᵈ + 1), in the form that does not overflow where stripes are far apart: 0 where they are equal, 1 where they are not alike at all.</summary>
    public static Tensor Elements(Tensor distance) => (distance / 2).tanh();

    /// <summary>
    /// The least sum over the first two axes (H × G) on a way from the first cell to the last, both counted, one step at a time along one of them: no diagonal steps.
    /// What follows the first two axes is as many tables side by side.
    /// </summary>
    public static Tensor ShortestPath(Tensor cost_HG)
    {
        var above = Array.Empty<Tensor>();
        foreach (var row_G in cost_HG.unbind(0))
        {
            var cells = row_G.unbind(0);
            for (var j = 0; j < cells.Length; j++)
            {
                cells[j] = (j > 0, above.Length > 0) switch
                {
                    (true, true) => minimum(above[j], cells[j - 1]) + cells[j],
                    (true, false) => cells[j - 1] + cells[j],
                    (false, true) => above[j] + cells[j],
                    (false, false) => cells[j],
                };
            }

            above = cells;
        }

        return above[^1];
    }
}
