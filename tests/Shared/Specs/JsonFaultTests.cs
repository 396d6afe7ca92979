using System.Text;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Specs;

public sealed class JsonFaultTests
{
    private const string Model = """ "model": { "backbone": "resnet18" } """;
    private const string Method = """ "method": { "kind": "supervised" } """;

    [Fact]
    public void Reads_the_shortest_requests()
    {
        Assert.IsType<TrainSpec>(Read($$"""{ "kind": "train", "dataset": "mars", {{Model}}, {{Method}} }"""));
        Assert.IsType<EvaluateSpec>(Read("""{ "dataset": "mars", "checkpoint": { "run": "0123456789abcdef0123" }, "kind": "evaluate" }"""));
    }

    [Theory]
    [InlineData("""{ "kind": "train", "dataset": "mars", "epoch": 3, MODEL, METHOD }""", "$.epoch",
        "is unknown here; did you mean 'epochs'? allowed: kind, model, method, input, augmentation, sampling, optimizer, schedule, epochs, precision, replicas, cameraBatchNorm, checkpoints, evaluation, validation, cameras, initialWeights, dataset, seed, repeat, limits")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, "method": { "kind": "supervised", "teacher": {} } }""", "$.method.teacher",
        "is unknown here; allowed: kind, views, losses")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "schedule": { "kind": "constant", "gamma": 1 } }""", "$.schedule.gamma",
        "is unknown here; allowed: kind, warmup")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "a b": 1 }""", "$['a b']", null)]
    public void Lists_the_names_that_are_allowed_where_one_is_unknown(string json, string path, string? message) => Refuses(json, path, message);

    [Theory]
    [InlineData("""{ "kind": "tran", "dataset": "mars" }""", "$.kind", "must be one of: train, evaluate, explain, export; was 'tran'")]
    [InlineData("""{ "kind": 1, "dataset": "mars" }""", "$.kind", "must be one of: train, evaluate, explain, export; was 1")]
    [InlineData("""{ "dataset": "mars" }""", "$.kind", "is missing; must be one of: train, evaluate, explain, export")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, "method": { "kind": "magic" } }""", "$.method.kind",
        "must be one of: supervised, view-distillation, mutual-learning, variational-distillation; was 'magic'")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, "method": {} }""", "$.method.kind",
        "is missing; must be one of: supervised, view-distillation, mutual-learning, variational-distillation")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, "method": { "kind": "supervised", "losses": [ { "kind": "triplet" }, { "kind": "magic" } ] } }""",
        "$.method.losses[1].kind", "must be one of: triplet, cross-entropy, logit-distillation, logit-matching, distance-preservation, local-triplet, mutual-probability, mutual-distance, mutual-local-distance, center, circle, rank, center-triplet, optimal-transport, self-distillation, cross-distillation, mutual-distillation; was 'magic'")]
    public void Lists_the_kinds_where_one_is_unknown_or_missing(string json, string path, string message) => Refuses(json, path, message);

    [Theory]
    [InlineData("""{ "kind": "train", MODEL, METHOD }""", "$.dataset", "is missing; must be text")]
    [InlineData("""{ "kind": "train", "dataset": "mars", METHOD }""", "$.model", "is missing; must be an object")]
    [InlineData("""{ "kind": "train", "dataset": "mars", METHOD, "model": {} }""", "$.model.backbone",
        "is missing; must be one of: resnet18, resnet34, resnet50, resnet101, resnet50bam, resnet101bam, densenet121, mobilenet, resnet50-ibn-a, resnet101-ibn-a, osnet-x1-0, osnet-x0-75, osnet-x0-5, osnet-x0-25")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, "method": { "kind": "view-distillation" } }""", "$.method.teacher",
        "is missing; must be an object")]
    [InlineData("""{ "kind": "evaluate", "dataset": "mars" }""", "$.checkpoint", "is missing; must be an object")]
    public void Names_what_is_missing_and_where(string json, string path, string message) => Refuses(json, path, message);

    [Theory]
    [InlineData("""{ "kind": "train", "dataset": null, MODEL, METHOD }""", "$.dataset", "must be text, was null")]
    [InlineData("""{ "kind": "train", "dataset": "mars", "model": null, METHOD }""", "$.model", "must be an object, was null")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "input": null }""", "$.input",
        "must be an object, was null; leave it out for its default")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "epochs": null }""", "$.epochs", null)]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "input": { "height": null } }""", "$.input.height", null)]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "evaluation": { "settings": [null] } }""", "$.evaluation.settings[0]", null)]
    public void Refuses_null_where_nothing_may_be_nothing(string json, string path, string? message) => Refuses(json, path, message);

    [Theory]
    [InlineData("""{ "kind": "train", "dataset": 5, MODEL, METHOD }""", "$.dataset", "must be text, was 5")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "epochs": "3" }""", "$.epochs",
        "must be a whole number from -2147483648 to 2147483647, was '3'")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "epochs": 3.5 }""", "$.epochs", null)]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "epochs": 99999999999 }""", "$.epochs", null)]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "seed": true }""", "$.seed", "must be a whole number of 64 bits, was true")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "input": [] }""", "$.input", "must be an object, was a list")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "input": { "filter": "BICUBIC" } }""", "$.input.filter",
        "must be one of: bilinear, bicubic, lanczos, open-cv-bilinear, was 'BICUBIC'")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "input": { "filter": 1 } }""", "$.input.filter", null)]
    [InlineData("""{ "kind": "train", "dataset": "mars", METHOD, "model": { "backbone": "vgg16" } }""", "$.model.backbone",
        "must be one of: resnet18, resnet34, resnet50, resnet101, resnet50bam, resnet101bam, densenet121, mobilenet, resnet50-ibn-a, resnet101-ibn-a, osnet-x1-0, osnet-x0-75, osnet-x0-5, osnet-x0-25, was 'vgg16'")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "evaluation": { "settings": "image-to-video" } }""", "$.evaluation.settings",
        "must be a list, was 'image-to-video'")]
    [InlineData("""{ "kind": "train", "dataset": "mars", METHOD, "model": { "backbone": "resnet18", "finalRelu": "yes" } }""", "$.model.finalRelu",
        "must be true or false, was 'yes'")]
    [InlineData("""{ "kind": "train", "dataset": "mars", MODEL, METHOD, "optimizer": { "kind": "adam", "learningRate": "NaN" } }""",
        "$.optimizer.learningRate", "must be a number, was 'NaN'")]
    [InlineData("""[]""", "$", "must be an object, was a list")]
    [InlineData("""null""", "$", "must be an object, was null")]
    [InlineData("3", "$", "must be an object, was 3")]
    public void Says_what_a_value_must_be(string json, string path, string? message) => Refuses(json, path, message);

    [Fact]
    public void Refuses_a_name_that_stands_there_twice()
    {
        Refuses($$"""{ "kind": "train", "dataset": "mars", "dataset": "duke", {{Model}}, {{Method}} }""", "$.dataset", "stands here twice; keep one");
        Refuses($$"""{ "kind": "train", "kind": "evaluate", "dataset": "mars", {{Model}}, {{Method}} }""", "$.kind", "stands here twice; keep one");
    }

    [Theory]
    [InlineData("", "is empty; a JSON object must stand here")]
    [InlineData("{ \"kind\": \"train\",\n  \"dataset\": }", "is not JSON at line 2, column 14")]
    [InlineData("{ \"kind\": \"train\"", "is not JSON at line 1")]
    [InlineData("{ \"kind\": \"train\" } x", "is not JSON at line 1, column 21")]
    [InlineData("{ 'kind': 'train' }", "is not JSON at line 1, column 3")]
    [InlineData("{ \"kind\": \"train\", }", "is not JSON at line 1, column 20")]
    [InlineData("// no comments\n{}", "is not JSON at line 1, column 1")]
    public void Points_at_the_place_where_it_is_no_JSON(string text, string beginning)
    {
        var error = Assert.Single(Refusal(text).Errors);

        Assert.Equal("$", error.Path);
        Assert.StartsWith(beginning, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_what_is_nested_too_deeply_or_is_no_text()
    {
        Assert.Single(Refusal(new string('[', 100)).Errors);
        Assert.Single(Assert.Throws<SpecException>(() => ReidJson.Read<RunSpec>([(byte)'"', 0xC3, 0x28, (byte)'"'])).Errors);
        Assert.Single(Refusal("""{ "kind": "\uD800" }""").Errors);
    }

    [Fact]
    public void Tells_every_fault_at_once()
    {
        var refusal = Refusal("""{ "kind": "train", "dataset": 5, "model": { "backbone": "vgg" }, "epoch": 3 }""");

        Assert.Equal(["$.dataset", "$.model.backbone", "$.epoch", "$.method"], refusal.Errors.Select(error => error.Path));
    }

    [Fact]
    public void Explains_other_shapes_as_well()
    {
        var id = Assert.Throws<SpecException>(() => ReidJson.Read<RunSummary>("""{ "id": 5 }"""u8));

        Assert.Contains(id.Errors, error => error.Path == "$.id");
        Assert.Contains(id.Errors, error => error is { Path: "$.spec", Message: "is missing; must be an object" });
    }

    private static RunSpec Read(string json) => ReidJson.Read<RunSpec>(Encoding.UTF8.GetBytes(json));

    private static SpecException Refusal(string json) => Assert.Throws<SpecException>(
        () => Read(json.Replace("MODEL", Model, StringComparison.Ordinal).Replace("METHOD", Method, StringComparison.Ordinal)));

    private static void Refuses(string json, string path, string? message)
    {
        var error = Assert.Single(Refusal(json).Errors);

        Assert.Equal(path, error.Path);
        if (message is not null)
        {
            Assert.Equal(message, error.Message);
        }
    }
}
