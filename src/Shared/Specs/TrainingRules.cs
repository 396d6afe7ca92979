namespace ReidCloud.Specs;

/// <summary>Ranges of what moves the weights.</summary>
internal static class TrainingRules
{
    private const int MostMilestones = 1000;

    public static void Optimizer(OptimizerSpec optimizer, SpecFaults faults)
    {
        faults.Positive(optimizer.LearningRate, "$.optimizer.learningRate");
        faults.Fraction(optimizer.WeightDecay, "$.optimizer.weightDecay");
        Groups(optimizer.Groups, faults);
        switch (optimizer)
        {
            case AdamSpec adam:
                faults.Fraction(adam.Beta1, "$.optimizer.beta1");
                faults.Fraction(adam.Beta2, "$.optimizer.beta2");
                faults.Positive(adam.Epsilon, "$.optimizer.epsilon");
                break;
            case SgdSpec sgd:
                faults.Fraction(sgd.Momentum, "$.optimizer.momentum");
                faults.Unless(!sgd.Nesterov || sgd.Momentum > 0, "$.optimizer.nesterov", "has no effect without momentum: set momentum, or leave it out");
                break;
        }
    }

    public static void Schedule(ScheduleSpec schedule, int epochs, SpecFaults faults)
    {
        switch (schedule)
        {
            case MultiStepSpec steps:
                MultiStep(steps, faults);
                break;
            case ExponentialSpec exponential:
                faults.InRange(exponential.StartEpoch, 1, Math.Max(1, epochs), "$.schedule.startEpoch");
                faults.Unless(
                    exponential.FinalFactor is > 0 and < 1, "$.schedule.finalFactor", $"must be between 0 and 1, was {exponential.FinalFactor}");
                break;
            case CosineSpec cosine:
                faults.Fraction(cosine.FinalFactor, "$.schedule.finalFactor");
                break;
        }

        if (schedule.Warmup is { } warmup)
        {
            faults.Unless(
                warmup.Epochs >= 2 && warmup.Epochs <= epochs,
                "$.schedule.warmup.epochs",
                $"must be from 2 to the number of epochs ({epochs}), was {warmup.Epochs}; leave warmup out to begin with the full rate");
            faults.Fraction(warmup.StartFactor, "$.schedule.warmup.startFactor");
        }
    }

    private static void Groups(IReadOnlyList<ParameterGroupSpec> groups, SpecFaults faults)
    {
        foreach (var (i, group) in groups.Index())
        {
            var path = $"$.optimizer.groups[{i}]";
            faults.Positive(group.LearningRateFactor, $"{path}.learningRateFactor");
            faults.Unless(
                group.LearningRateFactor != 1 || group.WeightDecay is not null,
                path,
                "changes nothing: give it a learningRateFactor or a weightDecay, or leave it out");
            if (group.WeightDecay is { } decay)
            {
                faults.Fraction(decay, $"{path}.weightDecay");
            }

            List<ParameterKind> before = [.. groups.Take(i).Select(earlier => earlier.Parameters)];
            faults.Unless(
                !before.Contains(group.Parameters)
                    && !(before.Contains(ParameterKind.Backbone) && before.Contains(ParameterKind.Head))
                    && !(before.Contains(ParameterKind.Head) && group.Parameters == ParameterKind.Bottlenecks),
                path,
                "has no effect: all of its parameters belong to groups before it; a parameter belongs to the first that it fits, so put the narrower group first");
        }
    }

    private static void MultiStep(MultiStepSpec steps, SpecFaults faults)
    {
        faults.Unless(
            steps.Milestones.Count is > 0 and <= MostMilestones,
            "$.schedule.milestones",
            $"must name 1 to {MostMilestones} epochs, had {steps.Milestones.Count}; use kind 'constant' for none");
        var before = 0;
        foreach (var (i, milestone) in steps.Milestones.Index())
        {
            faults.Unless(
                milestone > before,
                $"$.schedule.milestones[{i}]",
                i == 0 ? $"must be at least 1, was {milestone}" : $"must be after the one before ({before}), was {milestone}");
            before = Math.Max(before, milestone);
        }

        faults.Unless(steps.Gamma is > 0 and <= 1, "$.schedule.gamma", $"must be greater than 0 and at most 1, was {steps.Gamma}");
    }
}
