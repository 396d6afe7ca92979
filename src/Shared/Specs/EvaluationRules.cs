namespace ReidCloud.Specs;

/// <summary>What a measurement must fulfil beyond its form. An option that cannot take effect is an error.</summary>
public static class EvaluationRules
{
    internal const int MostFrames = 1024;
    private const string Path = "$.evaluation";
    internal const string CameraStatisticsPath = $"{Path}.cameraStatistics";
    private const int MostBatches = 10_000;
    private const int MostBatchFrames = 1024;
    private const int MostNeighbors = 1000;
    private const int MostTimes = 10;
    private const int MostRepeats = 10_000;
    private const int MostTrials = 100;
    private const int MostShots = 1000;

    /// <exception cref="SpecException">Anything is wrong with a measurement by itself.</exception>
    public static void Require(EvaluationSpec evaluation)
    {
        var faults = new SpecFaults();
        Check(evaluation, faults);
        if (faults.Errors.Count > 0)
        {
            throw new SpecException(faults.Errors);
        }
    }

    /// <summary>What a model must have to be measured so.</summary>
    /// <param name="whose">Where its parts stand, for people: `$.model`.</param>
    public static IReadOnlyList<SpecError> Features(EvaluationSpec evaluation, ModelSpec model, string whose)
    {
        var faults = new SpecFaults();
        if (model.Local is null)
        {
            foreach (var (i, distance) in evaluation.Distances.Index().Where(distance => distance.Item != RetrievalDistance.Global))
            {
                faults.Add($"{Path}.distances[{i}]", $"'{NameConverterFactory.NameOf(distance)}' needs local features, which {whose} has none of: leave it out, or name a model with `local`");
            }
        }

        faults.Unless(
            !evaluation.AfterNeck || model.Neck != NeckName.None,
            $"{Path}.afterNeck",
            $"has no effect: {whose} has neck 'none', so there is nothing behind its feature; leave it out");
        faults.Unless(
            !evaluation.AfterNeck || model.MultiView is null,
            $"{Path}.afterNeck",
            $"has no effect: {whose} has several views, whose features are from behind the necks; leave it out");
        return faults.Errors;
    }

    internal static void Check(EvaluationSpec evaluation, SpecFaults faults)
    {
        faults.Unless(evaluation.Settings.Count > 0, $"{Path}.settings", $"must name at least one of: {Names<RetrievalSetting>()}");
        Once(evaluation.Settings, $"{Path}.settings", faults);
        faults.InRange(evaluation.Frames, 1, MostFrames, $"{Path}.frames");
        Protocol(evaluation, faults);
        Compared(evaluation, faults);
        CameraStatistics(evaluation.CameraStatistics, faults);
        ReRanking(evaluation.ReRanking, faults);
        Curves(evaluation, faults);
        Rates(evaluation.FalsePositiveRates, faults);
    }

    private static void Compared(EvaluationSpec evaluation, SpecFaults faults)
    {
        faults.Unless(
            !evaluation.NormalizeFeatures || evaluation.Metric == DistanceMetric.Euclidean,
            $"{Path}.normalizeFeatures",
            "has no effect: cosine distances do not depend on lengths; leave it out, or measure with metric 'euclidean'");
        faults.Unless(
            evaluation.Distances is [RetrievalDistance.Global, ..],
            $"{Path}.distances",
            $"must begin with 'global', which a report's first figures and its insights are of; may go on with: {Names(Enum.GetValues<RetrievalDistance>().Skip(1))}");
        Once(evaluation.Distances, $"{Path}.distances", faults);
        if (evaluation.QueryExpansion is { } expansion)
        {
            faults.InRange(expansion.Neighbors, 2, MostNeighbors, $"{Path}.queryExpansion.neighbors");
            faults.InRange(expansion.Times, 1, MostTimes, $"{Path}.queryExpansion.times");
            faults.InRange(expansion.Power, 0, 100, $"{Path}.queryExpansion.power");
        }

        faults.Unless(
            evaluation.MultiQuery is null || evaluation.Settings.Any(setting => setting is RetrievalSetting.ImageToImage or RetrievalSetting.ImageToVideo),
            $"{Path}.multiQuery",
            "has no effect: none of $.evaluation.settings searches for images; add image-to-image or image-to-video, or leave it out");
    }

    private static void CameraStatistics(CameraStatisticsSpec? statistics, SpecFaults faults)
    {
        if (statistics is not null)
        {
            faults.InRange(statistics.Batches, 1, MostBatches, $"{CameraStatisticsPath}.batches");
            faults.Unless(
                statistics.BatchSize is >= 2 and <= MostBatchFrames,
                $"{CameraStatisticsPath}.batchSize",
                $"must be 2 to {MostBatchFrames}, was {statistics.BatchSize}: one vector has no variance");
        }
    }

    private static void ReRanking(ReRankingSpec? reRanking, SpecFaults faults)
    {
        if (reRanking is not null)
        {
            faults.InRange(reRanking.K1, 1, MostNeighbors, $"{Path}.reRanking.k1");
            faults.InRange(reRanking.K2, 1, reRanking.K1 is >= 1 and <= MostNeighbors ? reRanking.K1 : MostNeighbors, $"{Path}.reRanking.k2");
            faults.Fraction(reRanking.Lambda, $"{Path}.reRanking.lambda");
        }
    }

    private static void Curves(EvaluationSpec evaluation, SpecFaults faults)
    {
        foreach (var (i, curve) in evaluation.Cmc.Index())
        {
            var path = $"{Path}.cmc[{i}]";
            if (curve is null)
            {
                faults.Add(path, "must be the definition of a curve, was null");
                continue;
            }

            faults.Unless(!evaluation.Cmc.Take(i).Contains(curve), path, "is the same as one before: once is enough");
            faults.InRange(curve.Repeats, 1, MostRepeats, $"{path}.repeats");
            faults.Unless(
                curve.SingleGalleryShot || curve.Repeats == CmcSpec.UsualRepeats,
                $"{path}.repeats",
                "has no effect: only a gallery of one image an identity is drawn; leave it out, or set `singleGalleryShot`");
            faults.Unless(
                !curve.SeparateCameraSet || evaluation.Protocol != RetrievalProtocol.CameraLess,
                $"{path}.separateCameraSet",
                "must be false for protocol camera-less, which knows no cameras");
        }
    }

    private static void Rates(IReadOnlyList<double> rates, SpecFaults faults)
    {
        foreach (var (i, rate) in rates.Index())
        {
            faults.Fraction(rate, $"{Path}.falsePositiveRates[{i}]");
            faults.Unless(!rates.Take(i).Contains(rate), $"{Path}.falsePositiveRates[{i}]", $"names {rate} again: once is enough");
        }
    }

    private static void Protocol(EvaluationSpec evaluation, SpecFaults faults)
    {
        faults.Unless(
            evaluation.GalleryImages == GalleryImages.FirstFrame
                || evaluation.Settings.Any(setting => setting is RetrievalSetting.ImageToImage or RetrievalSetting.VideoToImage),
            $"{Path}.galleryImages",
            "has no effect: none of $.evaluation.settings searches in images; add image-to-image or video-to-image, or leave it out");
        if (evaluation.Protocol == RetrievalProtocol.Atrw)
        {
            faults.Unless(
                evaluation.Settings.All(setting => setting == RetrievalSetting.ImageToImage),
                $"{Path}.settings",
                "must be [image-to-image] for protocol atrw, which searches for images among images");
            faults.Unless(
                !evaluation.GalleryIncludesQueries, $"{Path}.galleryIncludesQueries", "must be false for protocol atrw: there all queries are in the gallery already");
        }

        if (evaluation.Protocol.IsAcrossModalities())
        {
            AcrossModalities(evaluation, faults);
        }

        faults.Unless(
            evaluation.GalleryTrials is null || evaluation.Protocol == RetrievalProtocol.SysuMm01,
            $"{Path}.galleryTrials",
            "has no effect: only protocol sysu-mm01 draws galleries; leave it out");
    }

    private static void AcrossModalities(EvaluationSpec evaluation, SpecFaults faults)
    {
        var protocol = NameConverterFactory.NameOf(evaluation.Protocol);
        faults.Unless(
            evaluation.Settings.All(setting => setting == RetrievalSetting.ImageToImage),
            $"{Path}.settings",
            $"must be [image-to-image] for protocol {protocol}, which searches for images among images");
        faults.Unless(
            !evaluation.GalleryIncludesQueries, $"{Path}.galleryIncludesQueries", $"must be false for protocol {protocol}: the gallery is of the other modality");
        faults.Unless(evaluation.MultiQuery is null, $"{Path}.multiQuery", $"has no place with protocol {protocol}, whose queries have one image each; leave it out");
        if (evaluation.Protocol != RetrievalProtocol.SysuMm01)
        {
            return;
        }

        const string drawn = "has no place with protocol sysu-mm01, which draws its galleries again and again; leave it out";
        faults.Unless(evaluation.ReRanking is null, $"{Path}.reRanking", drawn);
        faults.Unless(evaluation.QueryExpansion is null, $"{Path}.queryExpansion", drawn);
        faults.Unless(evaluation.Cmc.Count == 0, $"{Path}.cmc", drawn);
        faults.Unless(evaluation.FalsePositiveRates.Count == 0, $"{Path}.falsePositiveRates", drawn);
        if (evaluation.GalleryTrials is { } trials)
        {
            faults.InRange(trials.Trials, 1, MostTrials, $"{Path}.galleryTrials.trials");
            faults.Unless(trials.Searches.Count > 0, $"{Path}.galleryTrials.searches", $"must name at least one of: {Names<GallerySearch>()}");
            Once(trials.Searches, $"{Path}.galleryTrials.searches", faults);
            faults.Unless(trials.Shots.Count is > 0 and <= MostTrials, $"{Path}.galleryTrials.shots", $"must have 1 to {MostTrials} numbers of images, such as [1, 10]");
            foreach (var (i, shots) in trials.Shots.Index())
            {
                faults.InRange(shots, 1, MostShots, $"{Path}.galleryTrials.shots[{i}]");
                faults.Unless(!trials.Shots.Take(i).Contains(shots), $"{Path}.galleryTrials.shots[{i}]", $"names {shots} again: once is enough");
            }
        }
    }

    private static void Once<T>(IReadOnlyList<T> values, string path, SpecFaults faults)
        where T : struct, Enum
    {
        foreach (var (i, value) in values.Index())
        {
            faults.Unless(!values.Take(i).Contains(value), $"{path}[{i}]", $"names '{NameConverterFactory.NameOf(value)}' again: once is enough");
        }
    }

    private static string Names<T>()
        where T : struct, Enum => Names(Enum.GetValues<T>());

    private static string Names<T>(IEnumerable<T> values)
        where T : struct, Enum => string.Join(", ", values.Select(NameConverterFactory.NameOf));
}
