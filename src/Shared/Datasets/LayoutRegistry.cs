namespace ReidCloud.Datasets;

/// <summary>Every layout there is, and which of them an upload has.</summary>
public static class LayoutRegistry
{
    public static IReadOnlyList<DatasetLayout> All { get; } =
    [
        new MarsLayout(),
        new DukeVideoReidLayout(),
        new VeriLayout(),
        new AtrwLayout(),
        new DukeMtmcReidLayout(),
        new Msmt17Layout(),
        new Cuhk03Layout(),
        new ViperLayout(),
        new IlidsVidLayout(),
        new Prid2011Layout(),
        new SysuMm01Layout(),
        new RegDbLayout(),
        new Market1501Layout(),
        new AlignedPartitionsLayout(),
        new ManifestCsv(),
    ];

    public static IReadOnlyList<string> Names => [.. All.Select(layout => layout.Name)];

    /// <exception cref="DatasetException">There is no such layout.</exception>
    public static DatasetLayout Named(string name) => All.FirstOrDefault(layout => layout.Name == name)
        ?? throw new DatasetException(new Finding(
            FindingSeverity.Error, "layout-unknown", $"There is no layout '{name}'; there are {string.Join(", ", Names)}.", 1, [name]));

    /// <summary>The layout asked for, if it fits; without a name the only one that fits.</summary>
    /// <exception cref="DatasetException">None fits, or several do; says what each looked for.</exception>
    public static DatasetLayout Choose(FileListing files, string? name)
    {
        var layouts = name is null ? All : [Named(name)];
        var fitting = layouts.Where(layout => layout.Lacks(files).Count == 0).ToList();
        return fitting switch
        {
            [var only] => only,
            [] => throw new DatasetException(new Finding(
                FindingSeverity.Error,
                "layout-not-recognized",
                name is null
                    ? "The files are arranged as no layout that is known. Add what one of them lacks, or a manifest.csv"
                    : $"The files are not arranged as {name}. Add what it lacks, or name another layout",
                layouts.Count,
                [.. layouts.Select(layout => $"{layout.Name} lacks {string.Join(", ", layout.Lacks(files))}")])),
            _ => throw new DatasetException(new Finding(
                FindingSeverity.Error,
                "layout-ambiguous",
                "The files fit several layouts: name the one that is meant",
                fitting.Count,
                [.. fitting.Select(layout => layout.Name)])),
        };
    }
}
