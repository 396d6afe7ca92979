using System.Text.Json;
using System.Text.Json.Nodes;
using ReidCloud.Datasets;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Functions.Api;

/// <summary>A believable body of each type that an operation takes.</summary>
internal static class Examples
{
    /// <summary>Without the weights that must be pushed first.</summary>
    private static readonly RunSpec Run = (TrainSpec)Presets.Named("vkd-mars-resnet50-teacher").Spec with { InitialWeights = null };

    public static JsonNode? Of(Type type) => JsonSerializer.SerializeToNode(For(type), type, ReidJson.Options);

    private static object For(Type type) => type switch
    {
        _ when type == typeof(RunSpec) => Run,
        _ when type == typeof(UploadRequest) => new UploadRequest("MARS-v160809.zip"),
        _ when type == typeof(WeightsUploadRequest) => new WeightsUploadRequest("resnet50-19c8e357.pth"),
        _ when type == typeof(PushRequest) => new PushRequest(BackboneName.ResNet50),
        _ when type == typeof(RetryRequest) => new RetryRequest(RetryFrom.Start),
        _ when type == typeof(CommitRequest) => new CommitRequest("mars"),
        _ => throw new ArgumentException($"{type} has no example", nameof(type)),
    };
}
