using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>How a network is measured, in the words of a command line. What is not named stays as it is in the evaluation that was there before.</summary>
internal sealed class EvaluationOptions
{
    /// <summary>The rates that the field prints.</summary>
    private static readonly double[] UsualRates = [1e-4, 1e-3, 1e-2, 1e-1];

    /// <summary>Definitions of CMC that have a name (spec of AlignedReID §10.1). The third, market1501, is the usual curve, which every report has.</summary>
    private static readonly (string Name, CmcSpec Definition)[] NamedCurves = [("cuhk03", new CmcSpec(true, true, false)), ("allshots", new CmcSpec(false, false, false))];

    private const string SeparateCameraSet = "separate-camera-set";
    private const string SingleGalleryShot = "single-gallery-shot";
    private const string FirstMatchBreak = "first-match-break";
    private static readonly string[] CurveWords = [SeparateCameraSet, SingleGalleryShot, FirstMatchBreak];

    private readonly Option<RetrievalSetting[]?> _settings = Arguments.List(
        "--settings",
        "What is searched for in what, separated by commas",
        "image-to-video,…",
        Arguments.Named<RetrievalSetting>,
        $"one of: {Arguments.Names<RetrievalSetting>()}");

    private readonly Option<int?> _frames = new("--frames") { Description = "How many frames stand for a tracklet" };
    private readonly Option<string?> _protocol = Names<RetrievalProtocol>("--protocol", "Which answers count; camera-less where no camera is known, which is easier and not comparable");
    private readonly Option<string?> _metric = Names<DistanceMetric>("--metric", "How distances are measured");
    private readonly Option<bool> _normalize = new("--normalize") { Description = "Divide features by their length before Euclidean distances" };
    private readonly Option<bool> _afterNeck = new("--after-neck") { Description = "Compare what the neck makes of the feature, as the bag of tricks does" };

    private readonly Option<bool> _addMirrored = new("--add-mirrored") { Description = "Add to each image's features those of its mirror image" };
    private readonly Option<bool> _byCamera = new("--by-camera")
    {
        Description = "Embed each camera's images with batch-norm statistics of that camera, gathered from them without labels: camera-based batch normalization, for any network",
    };

    private readonly Option<int?> _batches = new("--batches") { HelpName = "count", Description = "Of --by-camera: of how many mini-batches of 64 frames, at most. Default: 50" };

    private readonly Option<RetrievalDistance[]?> _distances = Arguments.List(
        "--distances",
        "Which features are compared, separated by commas; each gives figures of its own, and local ones need a network with a local branch",
        "global,local,combined",
        Arguments.Named<RetrievalDistance>,
        $"one of: {Arguments.Names<RetrievalDistance>()}");

    private readonly Option<ReRankingSpec?> _rerank = Optional(
        "--rerank", "Also measure with k-reciprocal re-ranking; 20,6,0.3 where nothing is named", "k1,k2,lambda", new ReRankingSpec(),
        numbers => numbers is [var k1, var k2, var lambda] && IsWhole(k1) && IsWhole(k2) ? new ReRankingSpec((int)k1, (int)k2, lambda) : null,
        "k1,k2,lambda such as 20,6,0.3");

    private readonly Option<QueryExpansionSpec?> _expand = Optional(
        "--expand", "Also measure with average query expansion; 5,1,3 where nothing is named", "neighbors,times,power", new QueryExpansionSpec(),
        numbers => numbers is [var neighbors, var times, var power] && IsWhole(neighbors) && IsWhole(times) ? new QueryExpansionSpec((int)neighbors, (int)times, power) : null,
        "neighbors,times,power such as 5,1,3");

    private readonly Option<string?> _multiQuery = Names<MultiQueryPooling>("--multi-query", "Also measure with all images of an identity by one camera as one query, where the data set has them");

    private readonly Option<double[]?> _roc = Optional(
        "--roc", "Also report how many equal pairs are told at these rates of different ones taken for equal; 1e-4,1e-3,1e-2,1e-1 where nothing is named", "rates", UsualRates,
        numbers => numbers.Count > 0 ? [.. numbers] : null, "rates between 0 and 1 such as 1e-4,1e-3");

    private readonly Option<CmcSpec[]?> _cmc = Curves();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_settings, _frames, _protocol, _metric, _normalize, _afterNeck, _addMirrored, _byCamera, _batches, _distances, _rerank, _expand, _multiQuery, _roc, _cmc])
        {
            command.Add(option);
        }
    }

    public bool NamesProtocol(ParseResult parse) => parse.GetValue(_protocol) is not null;

    public EvaluationSpec Of(ParseResult parse, EvaluationSpec before)
    {
        var searches = parse.GetValue(_settings) is { Length: > 0 } named ? named : before.Settings;
        return before with
        {
            Settings = searches,
            GalleryImages = searches.Any(SearchesImages) ? before.GalleryImages : default,
            Frames = parse.GetValue(_frames) ?? before.Frames,
            Protocol = Named<RetrievalProtocol>(parse, _protocol) ?? before.Protocol,
            Metric = Named<DistanceMetric>(parse, _metric) ?? before.Metric,
            NormalizeFeatures = parse.GetValue(_normalize) || before.NormalizeFeatures,
            AfterNeck = parse.GetValue(_afterNeck) || before.AfterNeck,
            AddMirrored = parse.GetValue(_addMirrored) || before.AddMirrored,
            CameraStatistics = CameraStatistics(parse, before.CameraStatistics),
            Distances = parse.GetValue(_distances) is { Length: > 0 } distances ? distances : before.Distances,
            ReRanking = parse.GetValue(_rerank) ?? before.ReRanking,
            QueryExpansion = parse.GetValue(_expand) ?? before.QueryExpansion,
            MultiQuery = Named<MultiQueryPooling>(parse, _multiQuery) ?? before.MultiQuery,
            FalsePositiveRates = parse.GetValue(_roc) ?? before.FalsePositiveRates,
            Cmc = parse.GetValue(_cmc) is { Length: > 0 } curves ? curves : before.Cmc,
        };
    }

    private CameraStatisticsSpec? CameraStatistics(ParseResult parse, CameraStatisticsSpec? before)
    {
        var statistics = parse.GetValue(_byCamera) ? before ?? new CameraStatisticsSpec() : before;
        return (statistics, parse.GetValue(_batches)) switch
        {
            (null, not null) => throw CommandException.Mistake("--batches has no effect without --by-camera", "give both, or leave it out"),
            ({ } known, { } batches) => known with { Batches = batches },
            _ => statistics,
        };
    }

    /// <summary>Where none does, which images a gallery has cannot matter.</summary>
    private static bool SearchesImages(RetrievalSetting setting) => setting is RetrievalSetting.ImageToImage or RetrievalSetting.VideoToImage;

    private static Option<string?> Names<T>(string name, string description)
        where T : struct, Enum
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong([.. NameConverterFactory.NamesOf(typeof(T))]);
        return option;
    }

    private static T? Named<T>(ParseResult parse, Option<string?> option)
        where T : struct, Enum => parse.GetValue(option) is { } name ? Arguments.Named<T>(name) : null;

    /// <summary>Numbers separated by commas, which may be left out: then it is what the field uses.</summary>
    private static Option<T?> Optional<T>(string name, string description, string helpName, T usual, Func<IReadOnlyList<double>, T?> parse, string wanted)
        where T : class => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result =>
        {
            if (result.Tokens is not [{ Value: var text }])
            {
                return usual;
            }

            if (Numbers(text) is { } numbers && parse(numbers) is { } value)
            {
                return value;
            }

            result.AddError($"'{text}' is not {wanted}; what else follows {name} goes before it, or behind another option");
            return null;
        },
    };

    private static IReadOnlyList<double>? Numbers(string text)
    {
        var numbers = text.Split(',', StringSplitOptions.TrimEntries)
            .Select(part => double.TryParse(part, NumberStyles.Float & ~NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : (double?)null).ToList();
        return numbers.Contains(null) ? null : [.. numbers.Select(number => number!.Value)];
    }

    private static bool IsWhole(double number) => number is >= 0 and <= int.MaxValue && number == Math.Floor(number);

    private static Option<CmcSpec[]?> Curves()
    {
        var option = new Option<CmcSpec[]?>("--cmc")
        {
            Description = $"Also draw the CMC curve by other definitions, separated by commas: {string.Join(", ", NamedCurves.Select(curve => curve.Name))}, or one put together of {string.Join(", ", CurveWords)}"
                + "; with :10 behind it single shots are drawn ten times instead of a hundred",
            HelpName = $"cuhk03,{SeparateCameraSet}+…",
            CustomParser = result =>
            {
                var curves = new List<CmcSpec>();
                foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)))
                {
                    if (Curve(text) is { } curve)
                    {
                        curves.Add(curve);
                    }
                    else
                    {
                        result.AddError($"'{text}' is no definition of CMC: one of {string.Join(", ", NamedCurves.Select(known => known.Name))}, or {string.Join('+', CurveWords)} or some of these, "
                            + "perhaps with :10 behind it");
                    }
                }

                return [.. curves];
            },
        };
        option.CompletionSources.Add([.. NamedCurves.Select(curve => curve.Name), .. CurveWords]);
        return option;
    }

    /// <summary>`cuhk03`, `cuhk03:10`, `separate-camera-set+first-match-break`.</summary>
    private static CmcSpec? Curve(string text)
    {
        var (name, draws) = text.Split(':') switch
        {
            [var alone] => (alone, (int?)new CmcSpec(false, false, false).Repeats),
            [var before, var behind] => (before, int.TryParse(behind, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null),
            _ => ("", null),
        };
        var words = name.Split('+');
        var curve = NamedCurves.FirstOrDefault(known => known.Name == name).Definition
            ?? (words.All(CurveWords.Contains) && words.Distinct().Count() == words.Length
                ? new CmcSpec(words.Contains(SeparateCameraSet), words.Contains(SingleGalleryShot), words.Contains(FirstMatchBreak))
                : null);
        return curve is null || draws is null ? null : curve with { Repeats = draws.Value };
    }
}
