using System.Globalization;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Docs.Pages;

/// <summary>docs/layouts.md: how the files of a data set may be arranged.</summary>
internal static class LayoutsPage
{
    private const int FilesShown = 8;

    private const string Head = """
        # Layouts

        A layout is how the files of a data set are arranged. An upload is recognised by the files that a layout looks for, wherever in the archive its folder lies; `--layout` names one
        where several fit. `.zip` files stay as they are and are never unpacked, folders and `.tar`, `.tar.gz` are zipped on the way. Your own images need no layout of their own: put a
        [`manifest.csv`](#csv) beside them. How a layout is added says [adding.md](adding.md#a-layout).

        Small sets of drawn people or things in most of these layouts are made by `./reid synth`:

        ```sh
        ./reid synth --layout mars --identities 8 --test-identities 4 --frames 2 --output people.zip
        ./reid dataset push people.zip --name people-mars
        ./reid dataset show people-mars
        ```

        ```
        Data set people-mars: ready, layout mars, content …
        ```

        """;

    /// <summary>The only layout that people write by hand.</summary>
    private const string Csv = """
        A table `manifest.csv` beside your files: UTF-8, the first line names the columns in any order.

        | column | is |
        | --- | --- |
        | `path` | the image, relative to the folder of `manifest.csv`, with `/` |
        | `identity` | who it is: any name; `distractor` for nobody's, in the gallery only |
        | `camera` | which sensor saw it: any name. May be left out, or empty, where that is not known: then the protocol `camera-less` measures |
        | `split` | `train`, `query` or `gallery` |
        | `tracklet` | may be left out. Rows with the same value are the frames of one tracklet, in the file's order; empty is a tracklet of one |
        | `modality` | may be left out. `visible` (also when empty) or `infrared` |

        ```csv
        path,identity,camera,split,tracklet
        anna/door/0001.jpg,anna,door,train,anna-door-1
        anna/door/0002.jpg,anna,door,train,anna-door-1
        bert/hall/0001.jpg,bert,hall,query,
        bert/lift/0001.jpg,bert,lift,gallery,
        stranger/0001.jpg,distractor,lift,gallery,
        ```

        """;

    /// <summary>A small set of each layout that is not <see cref="Csv"/>: the tests' own.</summary>
    private static readonly Dictionary<string, Func<UploadFiles>> Sets = new()
    {
        ["mars"] = UploadFiles.Mars,
        ["duke-video-reid"] = () => UploadFiles.DukeVideoReid(),
        ["veri-776"] = UploadFiles.Veri,
        ["atrw"] = UploadFiles.Atrw,
        ["dukemtmc-reid"] = UploadFiles.DukeMtmcReid,
        ["msmt17"] = UploadFiles.Msmt17,
        ["cuhk03"] = UploadFiles.Cuhk03,
        ["viper"] = UploadFiles.Viper,
        ["ilids-vid"] = UploadFiles.IlidsVid,
        ["prid-2011"] = UploadFiles.Prid2011,
        ["sysu-mm01"] = () => UploadFiles.SysuMm01(),
        ["regdb"] = UploadFiles.RegDb,
        ["market1501"] = UploadFiles.Market1501,
        ["aligned-partitions"] = () => UploadFiles.AlignedPartitions(),
    };

    public static string Text()
    {
        var page = new StringBuilder(Head);
        foreach (var layout in LayoutRegistry.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {layout.Name}\n\n");
            if (layout is ManifestCsv)
            {
                page.Append(Csv);
                continue;
            }

            Assert.True(Sets.TryGetValue(layout.Name, out var set), $"{nameof(LayoutsPage)}.{nameof(Sets)} has no set of layout {layout.Name}: its page shows the files of a small one");
            page.Append(CultureInfo.InvariantCulture, $"{SourceComments.Of(layout.GetType())}\n\nLooked for: {Listed(layout.Lacks(new FileListing([], _ => []))).Replace(" or ", "` or `", StringComparison.Ordinal)}.\n\n");
            if (layout.Variants is [var first, ..])
            {
                page.Append(CultureInfo.InvariantCulture, $"Variants: {Runs(layout.Variants)}; `{first}` unless the commit names another (`--variant`).\n\n");
            }

            foreach (var variants in ByMeaning(layout))
            {
                var variant = variants.FirstOrDefault();
                var which = variant is null ? "" : $", variant{(variants.Count > 1 ? "s" : "")} {Runs(variants)}";
                page.Append(CultureInfo.InvariantCulture, $"Measured unless the request says otherwise{which}: {Measured(LayoutProtocols.Of(layout.Name, variant))}.\n\n");
                if (layout.PublishedOf(variant) is { } published)
                {
                    page.Append("Published counts, which a commit is compared with:\n\n").Append(MarkdownTable.Of(
                        ["split", "identities", "tracklets", "frames", "cameras", "distractors"],
                        [Counts("train", published.Train), Counts("query", published.Query), Counts("gallery", published.Gallery)])).Append('\n');
                }
            }

            page.Append("Files of a tiny set:\n\n```\n").AppendJoin('\n', Shown([.. set().Files.Keys])).Append("\n```\n");
        }

        return page.ToString();
    }

    /// <summary>Variants with the same counts and the same protocol; one empty list where there are none.</summary>
    private static IEnumerable<IReadOnlyList<string>> ByMeaning(DatasetLayout layout) => layout.Variants.Count == 0
        ? [[]]
        : layout.Variants.GroupBy(variant => (layout.PublishedOf(variant), Measured(LayoutProtocols.Of(layout.Name, variant)))).Select(group => group.ToList());

    /// <summary>`a-1` … `a-20` instead of twenty names.</summary>
    private static string Runs(IEnumerable<string> variants) => string.Join(", ", variants.GroupBy(variant => variant.TrimEnd([.. "0123456789"])).Select(run =>
        run.Count() > 2 ? $"`{run.First()}` … `{run.Last()}`" : Listed(run)));

    private static IEnumerable<string> Shown(string[] names) => names.Length <= FilesShown ? names : names.Where((_, i) => i * FilesShown % names.Length < FilesShown).Append("…");

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));

    private static string Measured(EvaluationSpec spec) => string.Join(", ", (string[])
    [
        Listed(spec.Settings.Select(NameConverterFactory.NameOf)),
        .. spec.Protocol == RetrievalProtocol.Atrw ? ["by the protocol `atrw`"] : Array.Empty<string>(),
        .. spec.GalleryIncludesQueries ? ["with the queries in the gallery"] : Array.Empty<string>(),
        .. spec.Cmc.Select(curve => $"with a CMC curve of {(curve.SingleGalleryShot ? "one random image of each identity" : "all images")}{(curve.SeparateCameraSet ? " of other cameras" : "")} besides"),
        .. spec.GalleryImages == GalleryImages.EveryFrame ? ["with every frame in the gallery where images are searched in"] : Array.Empty<string>(),
    ]);

    private static string[] Counts(string split, PublishedSplit counts) =>
        [split, Number(counts.Identities), Number(counts.Tracklets), Number(counts.Frames), Number(counts.Cameras), Number(counts.Distractors)];

    private static string Number(int? count) => count?.ToString("N0", CultureInfo.InvariantCulture) ?? "";
}
