using System.Text;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Losses;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Weights;
using static TorchSharp.torch;

// Uses what docs/adding.md has added to a copy of the sources; the argument is a file with the page's request. Says what it saw, a line each.
var spec = ReidJson.Read<RunSpec>(File.ReadAllBytes(args[0])) as TrainSpec ?? throw new InvalidDataException("the page's request trains nothing");
SpecRules.Require(spec);
Console.WriteLine($"request: {Encoding.UTF8.GetString(ReidJson.Write<MethodSpec>(spec.Method))}");

var files = new FileListing(
    new[] { "visitors/door/anna/1.jpg", "visitors/door/bert/1.jpg", "visitors/hall/anna/1.jpg", "visitors/hall/bert/1.jpg", "visitors/hall/bert/2.jpg", "visitors/test.txt" }
        .Select(name => new FrameSource(name, 0, 0, 0, 0, FrameEncoding.Loose, 0)),
    _ => Encoding.UTF8.GetBytes("bert\n"));
var layout = LayoutRegistry.Choose(files, null);
var draft = layout.Read(files);
Console.WriteLine($"layout: {layout.Name}, {draft.Frames.Count} frames, {(draft.Findings.HasErrors ? "faults" : "no fault")}");

using (var model = ReidModel.Of(spec.Model, 3))
{
    var entries = NetworkEntries.Of(spec.Model);
    var same = model.State().Select(entry => (entry.Name, Sizes(entry.Value.shape)))
        .SequenceEqual(entries.Select(entry => (entry.Name, Sizes(entry.Shape.Select(size => size == NetworkEntry.Identities ? 3 : size)))));
    using var images = zeros(2, 3, 32, 16);
    using var map = model.Backbone.call(images);
    Console.WriteLine($"backbone: {NameConverterFactory.NameOf(spec.Model.Backbone)}, map {Sizes(map.shape)}, entries {(same ? "as the API knows them" : "differ")}");
}

using (var logits = zeros(2, 4))
{
    using var labels = tensor(new long[] { 0, 1 });
    using var value = LossRegistry.Create(spec.Method.Losses[^1], 4, 4).Of(new LossInputs(logits, logits, labels));
    Console.WriteLine(FormattableString.Invariant($"loss: {SpecKinds.NameOf(spec.Method.Losses[^1])}, {value.item<float>():F4} of four equal scores"));
}

var brief = spec with { Epochs = 3, Optimizer = new AdamSpec(1e-2), Schedule = new ConstantSpec(), Evaluation = new EvaluationSpec() };
using (var method = MethodRegistry.Create(brief, 3, (_, _) => throw new InvalidOperationException("nothing is loaded")))
using (var batches = new SameBatch())
{
    var result = new Trainer(brief, method, batches, "content", ["a", "b", "c"], new Quiet(), TimeProvider.System, CPU).Run(null, _ => []);
    var losses = result.Losses.Select(epoch => epoch.Losses["total"]).ToList();
    Console.WriteLine($"method: {SpecKinds.NameOf(spec.Method)}, the loss {(losses[^1] < losses[0] ? "falls" : "does not fall")}");
}

static string Sizes(IEnumerable<long> shape) => string.Join('x', shape);

/// <summary>Two sets of each of three identities, told apart by a color.</summary>
internal sealed class SameBatch : BatchSource
{
    public override int StepsIn(int epoch) => 2;

    public override Batch Load(int epoch, int step)
    {
        var stream = Seeding.Stream(7, "check");
        var values = new float[6 * 2 * 3 * 32 * 16];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(stream.NextGaussian() + (i / (32 * 16) % 3 == i * 3 / values.Length ? 1.5 : 0));
        }

        return new Batch(tensor(values, [6, 2, 3, 32, 16]), tensor(new long[] { 0, 0, 1, 1, 2, 2 }));
    }
}

internal sealed class Quiet : RunContext
{
    public override CancellationToken Stop => default;

    public override string Scratch => Path.GetTempPath();

    public override string OnnxRuntimeFolder => throw new NotSupportedException("nothing is exported here");

    public override void Tell(RunEvent happened)
    {
    }

    public override void SaveCheckpoint(int epoch, int step, double? score, int keep, Action<Stream> write)
    {
    }

    public override void SaveFile(string name, Action<Stream> write)
    {
    }
}
