namespace ReidCloud.GpuRunner.Onnx;

/// <summary>An ONNX file (onnx.proto): a network from images to embeddings, for any number of images, and what is to be known of it.</summary>
internal static class OnnxModel
{
    public const int Opset = 17;

    /// <summary>The value that goes in, and its first dimension, which is free.</summary>
    public const string Images = "images";
    public const string Count = "n";

    private const string Embedding = "embedding";

    /// <summary>The format's version that came with the opset.</summary>
    private const int IrVersion = 8;

    /// <param name="image">Channels, height, width.</param>
    /// <param name="facts">Read by ONNX Runtime and viewers as the model's metadata.</param>
    public static void Write(Stream to, OnnxNetwork network, IReadOnlyList<long> image, long featureDim, IReadOnlyList<(string Name, string Value)> facts) => ProtobufWriter.Write(to, model =>
    {
        model.Integer(1, IrVersion);
        model.Text(2, "ReidCloud");
        model.Text(3, ProductVersion.Current);
        model.Message(7, body =>
        {
            foreach (var node in network.Nodes)
            {
                body.Message(1, message => Node(message, node, network.Result));
            }

            body.Text(2, "reidcloud");
            foreach (var tensor in network.Tensors)
            {
                body.Message(5, message => Tensor(message, tensor));
            }

            body.Message(11, message => Value(message, Images, image));
            body.Message(12, message => Value(message, Embedding, [featureDim]));
        });
        model.Message(8, opset => opset.Integer(2, Opset));
        foreach (var (name, value) in facts)
        {
            model.Message(14, fact =>
            {
                fact.Text(1, name);
                fact.Text(2, value);
            });
        }
    });

    private static void Node(ProtobufWriter message, OnnxNode node, string result)
    {
        foreach (var input in node.Inputs)
        {
            message.Text(1, input);
        }

        message.Text(2, node.Name == result ? Embedding : node.Name);
        message.Text(3, node.Name);
        message.Text(4, node.Type);
        foreach (var attribute in node.Attributes)
        {
            message.Message(5, to => Attribute(to, attribute));
        }
    }

    /// <summary>With the number of its type: FLOAT 1, INT 2, STRING 3, INTS 7.</summary>
    private static void Attribute(ProtobufWriter message, OnnxAttribute attribute)
    {
        message.Text(1, attribute.Name);
        if (attribute.Number is { } number)
        {
            message.Float(2, number);
            message.Integer(20, 1);
        }
        else if (attribute.Integer is { } integer)
        {
            message.Integer(3, integer);
            message.Integer(20, 2);
        }
        else if (attribute.Word is { } word)
        {
            message.Text(4, word);
            message.Integer(20, 3);
        }
        else
        {
            foreach (var one in attribute.Integers!)
            {
                message.Integer(8, one);
            }

            message.Integer(20, 7);
        }
    }

    private static void Tensor(ProtobufWriter message, OnnxTensor tensor)
    {
        foreach (var size in tensor.Shape)
        {
            message.Integer(1, size);
        }

        message.Integer(2, (int)tensor.Type);
        message.Text(8, tensor.Name);
        message.Bytes(9, tensor.Bytes);
    }

    private static void Value(ProtobufWriter message, string name, IReadOnlyList<long> sizes)
    {
        message.Text(1, name);
        message.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Integer(1, (int)OnnxType.Float);
            tensor.Message(2, shape =>
            {
                shape.Message(1, dimension => dimension.Text(2, Count));
                foreach (var size in sizes)
                {
                    shape.Message(1, dimension => dimension.Integer(1, size));
                }
            });
        }));
    }
}
