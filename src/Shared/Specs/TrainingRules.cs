namespace ReidCloud.Specs;

/// <summary>Ranges of what moves the weights.</summary>
internal static class TrainingRules
{
    private const int MostMilestones = 1000;

    public static void Optimizer(OptimizerSpec optimizer, SpecFaults faults)
    {
        faults.Positive(optimizer.LearningRate, "$.optimizer.learningRate");
        faults.Fraction(optimizer.WeightDecay, "$.optimizer.weightDecay");
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

    public static void Schedule(ScheduleSpec schedule, SpecFaults faults)
    {
        if (schedule is not MultiStepSpec steps)
        {
            return;
        }

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

        faults.Unless(steps.Gamma is > 0 and <= 1, "$.schedule.gamma", SpecFaults.Text($"must be greater than 0 and at most 1, was {steps.Gamma}"));
    }
}
