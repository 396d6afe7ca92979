using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>MVD's losses and their gradients, by the product's losses; of the whole objective, too, both implementations'.</summary>
internal static class MvdLossOps
{
    /// <summary>Branches by their names there: v is for visible light, ms the shared branch.</summary>
    private static readonly string[] Branches = ["v", "i", "v_ms", "i_ms"];

    public static IReadOnlyDictionary<string, GoldenTensor> CrossEntropy(GoldenCase given) =>
        OfOne(given, new CrossEntropyLoss(new CrossEntropySpec { LabelSmoothing = given.Number("epsilon") }), "logits");

    public static IReadOnlyDictionary<string, GoldenTensor> Rank(GoldenCase given)
    {
        Assert.Equal(1, given.Number("t"));
        return OfOne(given, new RankLoss(Ranked(given)), "features");
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Triplet(GoldenCase given) => OfOne(given, new TripletLoss(new TripletSpec { Margin = given.Number("margin") }), "features");

    public static IReadOnlyDictionary<string, GoldenTensor> CenterTriplet(GoldenCase given) =>
        OfOne(given, new CenterTripletLoss(new CenterTripletSpec { Margin = given.Number("margin") }), "features");

    public static IReadOnlyDictionary<string, GoldenTensor> OptimalTransport(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        Assert.Equal((0.01, 100, 0.1), (given.Number("epsilon"), given.Int("max_iterations"), given.Number("threshold")));
        var (infrared, visible) = (GoldenTensors.Of(given["i_logits"]).requires_grad_(), GoldenTensors.Of(given["v_logits"]).requires_grad_());
        var (cost, iterations) = OptimalTransportLoss.Of(nn.functional.softmax(infrared, 1), nn.functional.softmax(visible, 1));
        var value = cost.sum();
        value.backward();
        return new Dictionary<string, GoldenTensor>
        {
            ["loss"] = GoldenTensors.From(value.view(1)),
            ["iterations"] = GoldenTensor.Of([(double)iterations], 1),
            ["grad_i"] = GoldenTensors.From(infrared.grad!),
            ["grad_v"] = GoldenTensors.From(visible.grad!),
        };
    }

    public static IReadOnlyDictionary<string, GoldenTensor> SelfDistillation(GoldenCase given) =>
        OfAll(given, "vsd", ("loss", 1, new SelfDistillationLoss(new SelfDistillationSpec { Divergence = DivergenceForm.PublishedCode })));

    public static IReadOnlyDictionary<string, GoldenTensor> CrossDistillation(GoldenCase given) =>
        OfAll(given, "vcd", ("loss", 1, new CrossDistillationLoss(new CrossDistillationSpec { Divergence = DivergenceForm.PublishedCode })));

    public static IReadOnlyDictionary<string, GoldenTensor> Total(GoldenCase given)
    {
        var weights = given.Params.GetProperty("weights");
        return OfAll(
            given,
            "total",
            ("ce", Weight("ce"), new CrossEntropyLoss(new CrossEntropySpec { LabelSmoothing = given.Number("epsilon") })),
            ("rank", Weight("rank"), new RankLoss(Ranked(given))),
            ("cml", Weight("cml"), new OptimalTransportLoss()),
            ("vsd", Weight("vsd"), new SelfDistillationLoss(new SelfDistillationSpec { Divergence = DivergenceForm.PublishedCode })),
            ("vcd", Weight("vcd"), new CrossDistillationLoss(new CrossDistillationSpec { Divergence = DivergenceForm.PublishedCode })));

        double Weight(string term) => weights.GetProperty(term).GetDouble();
    }

    public static IReadOnlyDictionary<string, GoldenTensor> MindSporeTotal(GoldenCase given) => OfAll(
        given,
        "total",
        [
            ("id", 1, new CrossEntropyLoss(new CrossEntropySpec())),
            .. given.Text("loss") == "id+tri" ? [("tri", 1, new TripletLoss(new TripletSpec { Margin = given.Number("margin") }))] : Array.Empty<(string, double, Loss)>(),
        ]);

    private static RankSpec Ranked(GoldenCase given) => new()
    {
        Margin = given.Number("margin_1"),
        CrossMargin = given.Number("margin_2"),
        Boundary = given.Number("alpha_1"),
        CrossBoundary = given.Number("alpha_2"),
    };

    private static Dictionary<string, GoldenTensor> OfOne(GoldenCase given, Loss loss, string input)
    {
        using var scope = NewDisposeScope();
        var variable = GoldenTensors.Of(given[input]).requires_grad_();
        var labels = GoldenTensors.Of(given["labels"]);
        var value = loss.Of(new LossInputs(variable, variable, labels) { Infrared_B = Infrared(given) });
        value.backward();
        return new Dictionary<string, GoldenTensor> { ["loss"] = GoldenTensors.From(value.view(1)), ["grad"] = GoldenTensors.From(variable.grad!) };
    }

    /// <summary>Each term, their weighted sum, and its gradients by all that the case gives of the branches.</summary>
    private static Dictionary<string, GoldenTensor> OfAll(GoldenCase given, string of, params (string Name, double Weight, Loss Loss)[] terms)
    {
        using var scope = NewDisposeScope();
        var variables = given.Inputs.Where(input => input.Key.Contains('.')).ToDictionary(input => input.Key, input => GoldenTensors.Of(input.Value).requires_grad_());
        var absent = zeros(variables.Values.First().shape[0], 1);
        LossBranch[] branches = [.. Branches.Select(branch => new LossBranch(Output($"{branch}_observation"), Output($"{branch}_representation")))];
        var labels = given.Inputs.ContainsKey("labels") ? GoldenTensors.Of(given["labels"]) : absent.select(1, 0).to(int64);
        var inputs = new LossInputs(absent, absent, labels) { Infrared_B = Infrared(given), Branches = new LossBranches(branches[0], branches[1], branches[2], branches[3]) };
        var values = terms.Select(term => (term.Name, Value: term.Loss.Of(inputs), term.Weight)).ToList();
        var total = values.Select(term => term.Value * term.Weight).Aggregate((sum, value) => sum + value);
        total.backward();
        var results = values.ToDictionary(term => term.Name, term => GoldenTensors.From(term.Value.view(1)));
        results["loss"] = GoldenTensors.From(total.view(1));
        foreach (var (name, variable) in variables.Where(variable => given.Expected.ContainsKey(Gradient(variable.Key))))
        {
            results[Gradient(name)] = GoldenTensors.From(variable.grad ?? throw new InvalidOperationException($"{of}: nothing reached {name}"));
        }

        return results;

        LossOutput Output(string name) => new(variables.GetValueOrDefault($"{name}.feature", absent), variables.GetValueOrDefault($"{name}.logits", absent));

        static string Gradient(string name) => name.Insert(name.IndexOf('.') + 1, "grad_");
    }

    /// <summary>Where the case does not say, the second half is infrared.</summary>
    private static Tensor Infrared(GoldenCase given)
    {
        if (given.Inputs.TryGetValue("modality", out var modality))
        {
            return GoldenTensors.Of(modality).eq(1);
        }

        var sets = given.Inputs.Values.First().Shape[0];
        return arange(sets).ge(sets / 2);
    }
}
