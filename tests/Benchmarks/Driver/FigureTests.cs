namespace ReidCloud.Benchmarks;

public sealed class FigureTests
{
    [Fact]
    public void A_target_holds_where_less_or_more_is_better()
    {
        var figure = new Figure("steps", 1.1, "PyTorch", 1, "s");

        Assert.Null(figure.Holds);
        Assert.Equal((true, false), ((figure with { AtMost = 1.2 }).Holds, (figure with { AtMost = 1 }).Holds));
        Assert.Equal((true, false), ((figure with { AtLeast = 1 }).Holds, (figure with { AtLeast = 1.2 }).Holds));
        Assert.Null((Figure.Without("steps", "PyTorch", "no Python") with { AtMost = 1 }).Holds);
    }

    [Fact]
    public void A_line_says_all_of_it()
    {
        var figure = new Figure("a | b \"c\"", 1.1, "PyTorch", 1, "s") { Ratio = 1.15, AtMost = 1.2, BoundBy = "memory" };
        var missing = Figure.Without("steps", "PyTorch", "no Python");

        Assert.Equal(figure, MeasuredLine.Of(new MeasuredLine(figure).ToJson())!.Figure);
        Assert.Equal(missing, MeasuredLine.Of(new MeasuredLine(missing).ToJson())!.Figure);
        Assert.DoesNotContain('\n', new MeasuredLine(figure).ToJson());
    }

    /// <summary>The machine became twice as slow after the second turn; each turn's ratio is the same.</summary>
    [Fact]
    public void Turns_take_the_median_of_neighbors_ratios()
    {
        var (ours, theirs) = (new Queue<double>([9, 3, 3, 6, 6]), new Queue<double>([1, 2, 2, 4, 5]));

        var figure = Turns.Seconds("steps", ours.Dequeue, "PyTorch", theirs.Dequeue, turns: 4);

        Assert.Equal((4.5, 3, 1.5), (figure.Ours, figure.Theirs, figure.Ratio));
    }
}
