using System.Globalization;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Display;

/// <summary>
/// Presets by data set, each beside what its authors published: rank-1 / mAP in percent; of several networks and distances the first, of several test sets the training's own, and re-ranked only where there is one test set. Fits 80 columns.
/// </summary>
internal static class PresetTables
{
    private const int MostInALine = 2;
    private const string Unverified = "~";
    private const string Standard = "*";

    public static void Write(IAnsiConsole console, IReadOnlyList<Preset> presets)
    {
        foreach (var group in presets.GroupBy(preset => preset.Spec.Dataset))
        {
            console.Write(Of(group.Key, [.. group]));
        }

        if (presets.Any(preset => preset.Published.Count > 0))
        {
            console.WriteLine(
                $"Published rank-1/mAP in percent; the mAP is what reports call mapTrapezoidal{(presets.Any(HasStandard) ? $", or mapStandard where marked {Standard}" : "")}. "
                + $"{(presets.Any(preset => preset.Published.Any(figure => figure.Verified != Verified.Both)) ? $"{Unverified} marks figures that are unverified: found only once. " : "")}"
                + $"{(presets.Any(preset => preset.Published.Any(figure => !IsListed(figure, hasOwn: true))) ? "Other networks, distances and tests are shown with a preset." : "")}".TrimEnd());
        }

        if (presets.Any(preset => preset.Spec is TrainSpec { InitialWeights: not null }))
        {
            console.WriteLine("Published recipes start from ImageNet's weights; push them first, or submit with --from-scratch.");
        }

        console.WriteLine("`./reid presets NAME` shows one in full; `./reid submit --preset NAME` asks for it.");
    }

    /// <summary>One preset in words.</summary>
    public static Grid Facts(Preset preset)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Row(string name, string value) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(value));
        Row("preset", preset.Name);
        Row("what", preset.Summary);
        Row("from", preset.Source);
        Row("published", preset.Published.Count == 0
            ? "no figures"
            : $"{string.Join(preset.Published.Count > MostInALine ? "\n" : ", ", preset.Published.Select(figure => $"{Test(figure)} {Figure(figure)}"))}"
                + $"{(preset.Published.Count > MostInALine ? "\n" : " ")}(rank-1/{(HasStandard(preset) ? "mapStandard" : "mapTrapezoidal")} in percent{(preset.Published.Any(figure => figure.Verified != Verified.Both) ? $", {Unverified} unverified" : "")})");
        Row("starts from", preset.Spec is TrainSpec { InitialWeights: { } initial } ? $"{initial}" : "nothing pushed");
        var asked = $"./reid submit --preset {preset.Name}{(preset.NeedsTeacher ? " --teacher RUN" : "")}{(preset.NeedsStudent ? " --student RUN" : "")}";
        Row("ask for it", asked);
        if (preset.RecommendedRuns > 1)
        {
            Row("repeat it", $"{asked} --seeds 1..{preset.RecommendedRuns}: its authors recommend means of {preset.RecommendedRuns} runs, which `./reid compare` gives with their deviation");
        }

        return grid;
    }

    private static Table Of(string dataset, IReadOnlyList<Preset> presets)
    {
        var published = presets.SelectMany(preset => preset.Published).ToList();
        var hasOwn = published.Any(figure => figure.Dataset is null);
        var columns = published.Where(figure => IsListed(figure, hasOwn)).Select(figure => (figure.Setting, figure.Dataset, IsReRanked(figure))).Distinct().ToList();
        columns = [.. columns.OrderBy(column => column.Setting).ThenBy(column => column.Item3)];
        var isOneSetting = columns.Select(column => column.Setting).Distinct().Count() == 1;
        var table = new Table().Border(TableBorder.Rounded)
            .Title($"data set {dataset}{(isOneSetting ? $", {NameConverterFactory.NameOf(columns[0].Setting)}" : "")}")
            .AddColumn(new TableColumn("preset").NoWrap());
        foreach (var (setting, tested, isReRanked) in columns)
        {
            table.AddColumn(new TableColumn(
                tested is not null ? $"on {tested}" : isReRanked ? "re-ranked" : isOneSetting ? "published" : NameConverterFactory.NameOf(setting)).RightAligned());
        }

        if (columns.Count == 0)
        {
            table.AddColumn("for");
        }

        foreach (var preset in presets)
        {
            table.AddRow(
            [
                new Text(preset.Name),
                .. columns.Select(column => new Text(Figure(preset.Published.FirstOrDefault(figure =>
                    IsListed(figure, hasOwn) && (figure.Setting, figure.Dataset, IsReRanked(figure)) == column)))),
                .. columns.Count == 0 ? [new Text(preset.Summary)] : Array.Empty<Text>(),
            ]);
        }

        return table;
    }

    /// <summary>The first network's global distances.</summary>
    private static bool IsListed(PublishedFigure figure, bool hasOwn) => figure.Peer is null or 1
        && (figure.Variant?.Distance ?? RetrievalDistance.Global) == RetrievalDistance.Global
        && (hasOwn ? figure.Dataset is null : !IsReRanked(figure));

    private static bool IsReRanked(PublishedFigure figure) => figure.Variant is { ReRanked: true };

    private static bool HasStandard(Preset preset) => preset.Published.Any(figure => figure.MapStandard is not null);

    private static string Test(PublishedFigure figure) => string.Concat(
        figure.Dataset is { } dataset ? $"on {dataset}, " : "", figure.Peer is { } peer ? $"peer {peer}, " : "", figure.Name);

    private static string Figure(PublishedFigure? figure) => figure is null ? "" :
        $"{Mark(!figure.IsRank1Verified)}{Percent(figure.Rank1)}/{Mark(!figure.IsMapVerified)}{Percent(figure.Map)}{(figure.MapStandard is null ? "" : Standard)}";

    private static string Mark(bool isUnverified) => isUnverified ? Unverified : "";

    private static string Percent(double fraction) => (100 * fraction).ToString("F2", CultureInfo.InvariantCulture);
}
