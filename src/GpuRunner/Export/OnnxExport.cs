using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Export;

/// <summary>A network as an ONNX file: normalised images of one size in, any number at a time, embeddings out.</summary>
internal static class OnnxExport
{
    /// <param name="fold">Make batch norms part of weights where that is possible.</param>
    /// <param name="afterNeck">Embed with what the neck makes of the feature.</param>
    public static void Write(Stream to, ReidModel model, InputSpec input, bool fold, bool afterNeck, IReadOnlyList<(string Name, string Value)> facts)
    {
        OnnxModel.Write(to, Network(model, fold, afterNeck), [Normalization.Channels, input.Height, input.Width], model.FeatureDim, facts);
    }

    public static OnnxNetwork Network(ReidModel model, bool fold, bool afterNeck)
    {
        var graph = new OnnxGraph();
        var network = graph.Finish(afterNeck ? model.LowerToNeck(graph, OnnxModel.Images) : model.Lower(graph, OnnxModel.Images));
        return fold ? BatchNormFolding.Of(network) : network;
    }
}
