namespace ReidCloud.GpuRunner.Onnx;

/// <summary>
/// Makes batch norms part of the weights of the convolution or linear layer before them: x · scale + shift for each channel. Only where nothing else takes what that layer makes:
/// in a DenseNet, maps go on as they are, too. In double precision, rounded once.
/// </summary>
internal static class BatchNormFolding
{
    public static OnnxNetwork Of(OnnxNetwork network)
    {
        var takers = network.Nodes.SelectMany(node => node.Inputs).CountBy(value => value).ToDictionary(StringComparer.Ordinal);
        var (nodes, tensors) = (new List<OnnxNode>(), network.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal));
        foreach (var node in network.Nodes)
        {
            var at = node.Type == "BatchNormalization" ? nodes.FindLastIndex(before => before.Name == node.Inputs[0]) : -1;
            if (at < 0 || nodes[at].Type is not ("Conv" or "Gemm") || takers[node.Inputs[0]] > 1)
            {
                nodes.Add(node);
                continue;
            }

            nodes[at] = Fold(nodes[at], node, tensors);
        }

        return network with { Nodes = nodes, Tensors = [.. tensors.Values] };
    }

    /// <summary>The layer in the norm's place: under its name.</summary>
    private static OnnxNode Fold(OnnxNode layer, OnnxNode norm, Dictionary<string, OnnxTensor> tensors)
    {
        OnnxTensor[] held = [.. norm.Inputs.Skip(1).Select(name => tensors[name])];
        foreach (var tensor in held)
        {
            tensors.Remove(tensor.Name);
        }

        var (gain, offset, mean, variance) = (held[0].Floats(), held[1].Floats(), held[2].Floats(), held[3].Floats());
        var epsilon = (double)norm.Attributes.Single(attribute => attribute.Name == "epsilon").Number!.Value;
        var weight = tensors[layer.Inputs[1]];
        var bias = layer.Inputs is [_, _, var name] ? tensors[name].Floats() : new float[gain.Length];
        var values = weight.Floats();
        var size = values.Length / gain.Length;
        for (var channel = 0; channel < gain.Length; channel++)
        {
            var scale = gain[channel] / Math.Sqrt(variance[channel] + epsilon);
            foreach (ref var value in values.AsSpan(channel * size, size))
            {
                value = (float)(value * scale);
            }

            bias[channel] = (float)(((bias[channel] - (double)mean[channel]) * scale) + offset[channel]);
        }

        var biasName = $"{layer.Name}.bias";
        tensors[weight.Name] = OnnxTensor.Of(weight.Name, weight.Shape, values);
        tensors[biasName] = OnnxTensor.Of(biasName, [bias.Length], bias);
        return layer with { Name = norm.Name, Inputs = [layer.Inputs[0], weight.Name, biasName] };
    }
}
