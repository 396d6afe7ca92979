using ReidCloud.Reports;
using static ReidCloud.Specs.RetrievalDistance;

namespace ReidCloud.Specs;

/// <summary>
/// What the reproduction of AlignedReID published, spec of AlignedReID §13: every row of its spreadsheet AlignedReID-Scores.xlsx, against which all of it was checked. Images searched for in images; each
/// row is rank-1 and mAP as they are, then after re-ranking.
/// </summary>
internal static class AlignedFigures
{
    private const string Market = "market1501";
    private const string Cuhk = "cuhk03";
    private const string Duke = "dukemtmc-reid";

    /// <summary>Of a network trained on Market-1501, by the name of its preset there.</summary>
    public static IReadOnlyList<PublishedFigure> OnMarket(string recipe) => recipe switch
    {
        "global" => Row(87.05, 71.38, 89.85, 85.49),
        "local" => [.. Row(86.85, 71.74, 89.64, 85.79), .. Row(87.86, 72.25, 90.71, 87.07, Local), .. Row(88.18, 73.34, 90.59, 87.06, Combined)],
        "identification" => Row(84.68, 68.02, 87.56, 82.53),
        "global-mutual" => [.. Row(88.78, 75.76, 91.92, 88.27, peer: 1), .. Row(89.28, 75.68, 91.81, 88.30, peer: 2)],
        "identification-mutual" => [.. Row(87.59, 74.33, 90.38, 85.84, peer: 1), .. Row(87.68, 74.27, 89.88, 85.84, peer: 2)],
        "local-mutual" =>
        [
            .. Row(88.72, 75.02, 91.63, 88.00, peer: 1), .. Row(87.77, 72.74, 91.09, 87.69, Local, 1), .. Row(88.69, 75.18, 91.15, 88.30, Combined, 1),
            .. Row(88.84, 75.37, 91.83, 88.17, peer: 2), .. Row(88.42, 72.92, 91.51, 87.92, Local, 2), .. Row(89.22, 75.36, 91.81, 88.52, Combined, 2),
        ],
        "global-150-76" => Row(85.30, 67.39, 89.28, 83.82),
        "global-150-76-normalized" => Row(83.31, 67.11, 84.12, 76.98),
        "local-150-76" => [.. Row(86.22, 69.48, 89.64, 85.06), .. Row(85.93, 69.23, 89.64, 85.15, Local), .. Row(87.11, 70.97, 90.23, 85.75, Combined)],
        "global-150-101" => Row(85.57, 68.20, 88.09, 83.74),
        "global-150-101-normalized" => Row(82.48, 65.65, 82.75, 75.99),
        _ => [],
    };

    /// <summary>Of a network trained on the training sets of Market-1501, CUHK03 and DukeMTMC-reID together, tested on each.</summary>
    public static IReadOnlyList<PublishedFigure> OnCombined(string recipe) => recipe switch
    {
        "global" =>
        [
            .. Row(86.13, 70.08, 88.75, 83.49, dataset: Market), .. Row(57.29, 51.45, 66.86, 66.77, dataset: Cuhk), .. Row(75.94, 60.19, 82.23, 76.97, dataset: Duke),
        ],
        "local" =>
        [
            .. Row(86.10, 71.23, 89.99, 85.07, dataset: Market), .. Row(87.50, 72.65, 91.21, 86.79, Local, dataset: Market), .. Row(87.59, 73.44, 91.18, 86.83, Combined, dataset: Market),
            .. Row(56.79, 51.64, 65.64, 66.40, dataset: Cuhk), .. Row(58.07, 52.99, 68.71, 68.90, Local, dataset: Cuhk), .. Row(58.36, 53.64, 67.79, 68.57, Combined, dataset: Cuhk),
            .. Row(77.69, 60.97, 82.36, 76.82, dataset: Duke), .. Row(78.77, 63.20, 84.61, 79.79, Local, dataset: Duke), .. Row(79.08, 63.52, 84.43, 79.16, Combined, dataset: Duke),
        ],
        "identification" =>
        [
            .. Row(86.28, 72.36, 89.49, 85.24, dataset: Market), .. Row(56.43, 51.49, 64.21, 65.44, dataset: Cuhk), .. Row(79.76, 62.61, 84.02, 78.08, dataset: Duke),
        ],
        "all" =>
        [
            .. Row(87.77, 72.92, 90.14, 85.88, dataset: Market), .. Row(88.57, 72.50, 90.68, 86.20, Local, dataset: Market), .. Row(88.36, 73.64, 90.77, 86.32, Combined, dataset: Market),
            .. Row(56.86, 52.17, 65.07, 66.25, dataset: Cuhk), .. Row(56.93, 51.16, 66.00, 66.74, Local, dataset: Cuhk), .. Row(56.86, 52.70, 64.93, 66.58, Combined, dataset: Cuhk),
            .. Row(78.14, 62.85, 84.07, 78.35, dataset: Duke), .. Row(79.53, 63.76, 85.86, 79.94, Local, dataset: Duke), .. Row(78.68, 63.75, 84.47, 79.25, Combined, dataset: Duke),
        ],
        "all-mutual" =>
        [
            .. Row(90.08, 76.31, 91.75, 87.65, Global, 1, Market), .. Row(90.02, 75.62, 91.95, 88.61, Local, 1, Market), .. Row(90.32, 76.96, 92.19, 88.15, Combined, 1, Market),
            .. Row(89.82, 76.30, 91.69, 87.64, Global, 2, Market), .. Row(90.14, 75.75, 91.81, 88.62, Local, 2, Market), .. Row(89.90, 76.93, 91.92, 88.08, Combined, 2, Market),
            .. Row(60.50, 55.97, 69.43, 70.15, Global, 1, Cuhk), .. Row(59.29, 54.67, 70.57, 71.40, Local, 1, Cuhk), .. Row(60.64, 56.47, 69.64, 70.93, Combined, 1, Cuhk),
            .. Row(60.14, 55.78, 68.43, 69.42, Global, 2, Cuhk), .. Row(59.57, 54.46, 70.36, 71.05, Local, 2, Cuhk), .. Row(60.29, 56.36, 69.50, 70.31, Combined, 2, Cuhk),
            .. Row(80.83, 66.00, 85.05, 79.98, Global, 1, Duke), .. Row(81.60, 66.67, 86.71, 82.65, Local, 1, Duke), .. Row(81.51, 66.94, 85.32, 80.86, Combined, 1, Duke),
            .. Row(80.92, 65.98, 84.78, 80.01, Global, 2, Duke), .. Row(82.36, 66.68, 86.76, 82.90, Local, 2, Duke), .. Row(81.51, 66.93, 85.59, 81.13, Combined, 2, Duke),
        ],
        _ => [],
    };

    private static PublishedFigure[] Row(
        double rank1, double map, double reRankedRank1, double reRankedMap, RetrievalDistance distance = Global, int? peer = null, string? dataset = null)
    {
        return [Figure(rank1, map, isReRanked: false), Figure(reRankedRank1, reRankedMap, isReRanked: true)];

        PublishedFigure Figure(double first, double mean, bool isReRanked) => new(RetrievalSetting.ImageToImage, Math.Round(first / 100, 4), Verified.Both)
        {
            MapTrapezoidal = Math.Round(mean / 100, 4),
            Variant = RetrievalVariant.Named(new RetrievalVariant { Distance = distance, ReRanked = isReRanked }),
            Peer = peer,
            Dataset = dataset,
        };
    }
}
