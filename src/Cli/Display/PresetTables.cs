using System.Globalization;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Display;

/// <summary>Presets by data set, each beside what its authors published: rank-1 / trapezoidal mAP in percent. Fits 80 columns.</summary>
internal static class PresetTables
{
    private const string Unverified = "~";

    public static void Write(IAnsiConsole console, IReadOnlyList<Preset> presets)
    {
        foreach (var group in presets.GroupBy(preset => preset.Spec.Dataset))
        {
            console.Write(Of(group.Key, [.. group]));
        }

        if (presets.Any(preset => preset.Published.Count > 0))
        {
            console.WriteLine($"Published rank-1/mAP in percent; reports call their mAP mapTrapezoidal. {Unverified} marks figures that are unverified: found only once.");
        }

        if (presets.Any(preset => preset.Spec is TrainSpec { InitialWeights: not null }))
        {
            console.WriteLine("VKD's recipes start from ImageNet's weights; push them first, or submit with --from-scratch.");
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
            : $"{string.Join(", ", preset.Published.Select(figure => $"{NameConverterFactory.NameOf(figure.Setting)} {Figure(figure)}"))}"
                + $" (rank-1/mapTrapezoidal in percent{(preset.Published.Any(figure => figure.Verified != Verified.Both) ? $", {Unverified} unverified" : "")})");
        Row("starts from", preset.Spec is TrainSpec { InitialWeights: { } initial } ? $"{initial}" : "nothing pushed");
        Row("ask for it", $"./reid submit --preset {preset.Name}{(preset.NeedsTeacher ? " --teacher RUN" : "")}{(preset.NeedsStudent ? " --student RUN" : "")}");
        return grid;
    }

    private static Table Of(string dataset, IReadOnlyList<Preset> presets)
    {
        RetrievalSetting[] settings = [.. presets.SelectMany(preset => preset.Published).Select(figure => figure.Setting).Distinct().Order()];
        var table = new Table().Border(TableBorder.Rounded).Title($"data set {dataset}").AddColumn(new TableColumn("preset").NoWrap());
        foreach (var setting in settings)
        {
            table.AddColumn(new TableColumn(NameConverterFactory.NameOf(setting)).RightAligned());
        }

        if (settings.Length == 0)
        {
            table.AddColumn("for");
        }

        foreach (var preset in presets)
        {
            table.AddRow(
            [
                new Text(preset.Name),
                .. settings.Select(setting => new Text(Figure(preset.Published.FirstOrDefault(figure => figure.Setting == setting)))),
                .. settings.Length == 0 ? [new Text(preset.Summary)] : Array.Empty<Text>(),
            ]);
        }

        return table;
    }

    private static string Figure(PublishedFigure? figure) => figure is null ? "" :
        $"{Mark(figure.Verified == Verified.Nothing)}{Percent(figure.Rank1)}/{Mark(figure.Verified != Verified.Both)}{Percent(figure.MapTrapezoidal)}";

    private static string Mark(bool isUnverified) => isUnverified ? Unverified : "";

    private static string Percent(double fraction) => (100 * fraction).ToString("F2", CultureInfo.InvariantCulture);
}
