namespace ReidCloud.Specs;

/// <summary>What a method, its losses and the sampling of its batches demand of each other.</summary>
internal static class MethodRules
{
    private const int MostViews = 64;
    private const int MostPeers = 8;

    public static void Check(TrainSpec spec, SpecFaults faults)
    {
        switch (spec.Method)
        {
            case SupervisedSpec supervised:
                faults.InRange(supervised.Views, 1, MostViews, "$.method.views");
                break;
            case ViewDistillationSpec distillation:
                ViewDistillation(distillation, spec.Sampling, faults);
                break;
            case MutualLearningSpec mutual:
                faults.InRange(mutual.Peers, 2, MostPeers, "$.method.peers");
                faults.InRange(mutual.Views, 1, MostViews, "$.method.views");
                break;
        }

        faults.Unless(
            spec.Method is not VariationalDistillationSpec || spec.Model.MultiView is not null,
            "$.model.multiView",
            "is missing: method 'variational-distillation' trains a network with branches; set it, such as { \"style\": \"pytorch\" }");
        faults.Unless(
            spec.Method is VariationalDistillationSpec || spec.Model.MultiView is null,
            "$.model.multiView",
            $"must be left out with method '{SpecKinds.NameOf(spec.Method)}', which would not train the branches: use method 'variational-distillation'");
        faults.Unless(
            spec.Method is not VariationalDistillationSpec || spec.Sampling.Views != ViewSelection.MultiView,
            "$.sampling.views",
            "must not be 'multi-view' with method 'variational-distillation', of whose sets one image each is seen");
        Sampling(spec, faults);
        Losses(spec, faults);
    }

    private static void ViewDistillation(ViewDistillationSpec method, SamplingSpec sampling, SpecFaults faults)
    {
        faults.InRange(method.TeacherViews, 1, MostViews, "$.method.teacherViews");
        faults.AtLeast(method.StudentViews, 1, "$.method.studentViews");
        faults.Unless(
            method.StudentViews <= method.TeacherViews,
            "$.method.studentViews",
            $"must be at most teacherViews ({method.TeacherViews}), because the student sees some of the teacher's views; was {method.StudentViews}");
        faults.Unless(
            sampling.Views != ViewSelection.Chunk,
            "$.sampling.views",
            "must be 'multi-view' with view-distillation, or for ablations 'temporal' or 'random', which stay within a tracklet; was 'chunk'");
    }

    private static void Sampling(TrainSpec spec, SpecFaults faults)
    {
        var (identities, tracklets) = (spec.Sampling.Identities, spec.Sampling.Tracklets);
        faults.InRange(identities, 1, 1024, "$.sampling.identities");
        faults.InRange(tracklets, 1, 256, "$.sampling.tracklets");
        if (spec.Method.Losses.FirstOrDefault(loss => loss is TripletSpec or LocalTripletSpec or CircleSpec or RankSpec or CenterTripletSpec) is { } ofPairs)
        {
            var a = ofPairs switch
            {
                CircleSpec => "a circle loss",
                RankSpec => "a rank loss",
                _ => "a triplet loss",
            };
            faults.Unless(identities != 1, "$.sampling.identities", $"must be at least 2 with {a}, which compares with other identities; was 1");
            faults.Unless(tracklets != 1, "$.sampling.tracklets", $"must be at least 2 with {a}, which needs another tracklet of the same identity; was 1");
        }

        faults.Unless(
            !spec.Sampling.KeepLastBatch || spec.Sampling.Draw == IdentityDraw.EachIdentityOnce,
            "$.sampling.keepLastBatch",
            $"has no effect where $.sampling.draw is '{NameConverterFactory.NameOf(spec.Sampling.Draw)}': no identity waits for the next epoch as a whole; leave one of them out");
        Modalities(spec, faults);
        faults.Unless(
            !spec.Sampling.WithReplacement || spec.Sampling.Draw != IdentityDraw.EachTrackletOnce,
            "$.sampling.withReplacement",
            "must be false where $.sampling.draw is 'each-tracklet-once', which says the opposite");
        faults.Unless(
            !spec.Sampling.KeepLastBatch || tracklets != 1,
            "$.sampling.keepLastBatch",
            "must be false where $.sampling.tracklets is 1: the last batch may be of one identity, and of one set batch normalization leaves nothing");
    }

    private static void Modalities(TrainSpec spec, SpecFaults faults)
    {
        var sampling = spec.Sampling;
        if (sampling.Modalities == ModalityMix.Any)
        {
            return;
        }

        var mix = NameConverterFactory.NameOf(sampling.Modalities);
        faults.Unless(sampling.Tracklets % 2 == 0, "$.sampling.tracklets", $"must be even where $.sampling.modalities is '{mix}': half of an identity's are visible and half infrared; was {sampling.Tracklets}");
        faults.Unless(
            sampling.Draw != IdentityDraw.EachTrackletOnce,
            "$.sampling.modalities",
            "must be left out where $.sampling.draw is 'each-tracklet-once', which cuts an identity's tracklets as they come");
        faults.Unless(
            sampling.Views != ViewSelection.MultiView,
            "$.sampling.views",
            $"must not be 'multi-view' where $.sampling.modalities is '{mix}': its views are of any of an identity's tracklets");
    }

    private static void Losses(TrainSpec spec, SpecFaults faults)
    {
        var method = spec.Method;
        var hasTeacher = method is ViewDistillationSpec;
        faults.Unless(method.Losses.Count > 0, "$.method.losses", "must have at least one loss");
        foreach (var (i, loss) in method.Losses.Index())
        {
            var path = $"$.method.losses[{i}]";
            if (loss is null)
            {
                faults.Add(path, "must be a loss, was null");
                continue;
            }

            faults.Unless(
                loss.Weight > 0 && double.IsFinite(loss.Weight),
                $"{path}.weight",
                $"must be greater than 0, was {loss.Weight}; to do without '{SpecKinds.NameOf(loss)}', leave it out of the list");
            faults.Unless(
                !method.Losses.Take(i).Any(other => other?.GetType() == loss.GetType()),
                path,
                $"is a second loss of kind '{SpecKinds.NameOf(loss)}': keep one and add up the weights");
            faults.Unless(
                hasTeacher || !LearnsFromTeacher(loss),
                path,
                $"needs a teacher, which method '{SpecKinds.NameOf(method)}' has not: leave '{SpecKinds.NameOf(loss)}' out");
            faults.Unless(
                method is MutualLearningSpec || !LearnsFromPeers(loss),
                path,
                $"needs other peers, which method '{SpecKinds.NameOf(method)}' has not: leave '{SpecKinds.NameOf(loss)}' out, or use method 'mutual-learning'");
            faults.Unless(
                spec.Model.Local is not null || !NeedsStripes(loss),
                path,
                $"needs stripes, which the model has not: set $.model.local, or leave '{SpecKinds.NameOf(loss)}' out");
            faults.Unless(
                method is VariationalDistillationSpec || !NeedsBranches(loss),
                path,
                $"needs branches that learn from each other, which method '{SpecKinds.NameOf(method)}' has not: leave '{SpecKinds.NameOf(loss)}' out, or use method 'variational-distillation'");
            faults.Unless(
                method is not VariationalDistillationSpec || loss is not CenterSpec,
                path,
                $"has no place in method '{SpecKinds.NameOf(method)}', whose outputs are of several sizes: leave '{SpecKinds.NameOf(loss)}' out");
            faults.Unless(
                !NeedsModalities(loss) || method is SupervisedSpec or VariationalDistillationSpec,
                path,
                $"needs method 'supervised' or 'variational-distillation': with '{SpecKinds.NameOf(method)}' it is not known what saw a set; leave '{SpecKinds.NameOf(loss)}' out");
            faults.Unless(
                !NeedsModalities(loss) || spec.Sampling.Views != ViewSelection.MultiView,
                "$.sampling.views",
                $"must not be 'multi-view' with '{SpecKinds.NameOf(loss)}', which needs sets that one modality saw");
            Loss(loss, path, faults);
        }

        faults.Unless(
            method is not MutualLearningSpec || method.Losses.Count == 0 || method.Losses.Any(LearnsFromPeers),
            "$.method.losses",
            "must have a loss that learns from the other peers (mutual-probability, mutual-distance or mutual-local-distance); without one use method 'supervised'");
        faults.Unless(
            spec.Model.Local is null || method.Losses.Count == 0 || method.Losses.Any(NeedsStripes),
            "$.model.local",
            "has no effect: none of $.method.losses trains it; add local-triplet, or leave it out");

        faults.Unless(
            !hasTeacher || method.Losses.Count == 0 || method.Losses.Any(LearnsFromTeacher),
            "$.method.losses",
            "must have a loss that learns from the teacher (distance-preservation, logit-distillation or logit-matching); without one use method 'supervised'");
    }

    private static void Loss(LossSpec loss, string path, SpecFaults faults)
    {
        switch (loss)
        {
            case TripletSpec { Margin: { } margin }:
                faults.Unless(
                    margin >= 0 && double.IsFinite(margin),
                    $"{path}.margin",
                    $"must be at least 0, was {margin}; leave it out for the soft margin");
                break;
            case CrossEntropySpec entropy:
                faults.Fraction(entropy.LabelSmoothing, $"{path}.labelSmoothing");
                break;
            case LocalTripletSpec local:
                faults.Unless(local.Margin >= 0 && double.IsFinite(local.Margin), $"{path}.margin", $"must be at least 0, was {local.Margin}");
                break;
            case CenterSpec center:
                faults.Positive(center.LearningRate, $"{path}.learningRate");
                break;
            case CircleSpec circle:
                faults.Fraction(circle.Margin, $"{path}.margin");
                faults.Positive(circle.Scale, $"{path}.scale");
                break;
            case LogitDistillationSpec distillation:
                faults.Positive(distillation.Temperature, $"{path}.temperature");
                break;
            case RankSpec rank:
                Boundary(rank.Margin, rank.Boundary, "margin", "boundary");
                Boundary(rank.CrossMargin, rank.CrossBoundary, "crossMargin", "crossBoundary");
                break;
            case CenterTripletSpec triplet:
                faults.Unless(triplet.Margin >= 0 && double.IsFinite(triplet.Margin), $"{path}.margin", $"must be at least 0, was {triplet.Margin}");
                break;
            case SelfDistillationSpec distillation:
                faults.Positive(distillation.Temperature, $"{path}.temperature");
                break;
        }

        void Boundary(double margin, double boundary, string marginName, string boundaryName)
        {
            faults.Positive(boundary, $"{path}.{boundaryName}");
            faults.Unless(
                margin >= 0 && margin <= boundary,
                $"{path}.{marginName}",
                $"must be from 0 to {boundaryName} ({boundary}), was {margin}: nearer than the one less the other no positive is drawn");
        }
    }

    private static bool LearnsFromPeers(LossSpec? loss) => loss is MutualProbabilitySpec or MutualDistanceSpec or MutualLocalDistanceSpec;

    private static bool NeedsStripes(LossSpec? loss) => loss is LocalTripletSpec or MutualLocalDistanceSpec;

    private static bool NeedsBranches(LossSpec? loss) => loss is OptimalTransportSpec or SelfDistillationSpec or CrossDistillationSpec or MutualDistillationSpec;

    /// <summary>What of a spec needs training images of both modalities; null where nothing does.</summary>
    public static string? AcrossModalities(TrainSpec spec) =>
        spec.Method is VariationalDistillationSpec ? "$.method"
        : spec.Sampling.Modalities != ModalityMix.Any ? "$.sampling.modalities"
        : spec.Method.Losses.Index().Where(loss => NeedsModalities(loss.Item)).Select(loss => $"$.method.losses[{loss.Index}]").FirstOrDefault();

    private static bool NeedsModalities(LossSpec? loss) => loss is RankSpec or CenterTripletSpec;

    private static bool LearnsFromTeacher(LossSpec? loss) => loss is LogitDistillationSpec or LogitMatchingSpec or DistancePreservationSpec;
}
