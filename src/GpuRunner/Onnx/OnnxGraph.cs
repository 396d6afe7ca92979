using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Onnx;

/// <summary>
/// A network as ONNX has it, while it is written down in the order it is computed (operators of opset <see cref="OnnxModel.Opset"/>). Each method adds an operator that takes a
/// value and returns the name of what it makes.
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>What PyTorch divides by at least.</summary>
    private const float SmallestLength = 1e-12f;

    private static readonly OnnxAttribute EndPadded = new("auto_pad") { Word = "SAME_UPPER" };

    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _tensors = [];

    /// <summary>All of it; <paramref name="result"/> is the value that comes out.</summary>
    public OnnxNetwork Finish(string result) => new(_nodes, _tensors, result);

    /// <summary>What a module computes. Sequences are walked; modules of ours say it themselves.</summary>
    /// <exception cref="NotSupportedException">There is no operator here for such a module.</exception>
    public string Apply(nn.Module module, string input) => module switch
    {
        IOnnxLayer layer => layer.Lower(this, input),
        Sequential sequence => sequence.named_children().Aggregate(input, (value, child) => Apply(child.module, value)),
        Linear linear => Multiply(linear, input),
        ReLU => Rectify(input),
        MaxPool2d pooling => Add(
            "MaxPool", [input], Sizes("kernel_shape", pooling.kernel_size), Sizes("strides", pooling.stride), Sizes("pads", Twice(pooling.padding)), Sizes("dilations", pooling.dilation)),
        _ => throw new NotSupportedException($"a {module.GetType().Name} cannot be written as ONNX: add it to OnnxGraph.Apply, or let the module be an IOnnxLayer"),
    };

    public string Rectify(string input) => Add("Relu", [input]);

    public string Sigmoid(string input) => Add("Sigmoid", [input]);

    public string Sum(string left, string right) => Add("Add", [left, right]);

    public string Product(string left, string right) => Add("Mul", [left, right]);

    public string Quotient(string left, string right) => Add("Div", [left, right]);

    public string Power(string input, float exponent) => Add("Pow", [input, Constant("Pow", exponent)]);

    public string AtLeast(string input, float least) => Add("Max", [input, Constant("Max", least)]);

    public string Clip(string input, float least, float most)
    {
        var name = NextName("Clip");
        return Add("Clip", [input, Keep(OnnxTensor.Of($"{name}.min", [], [least])), Keep(OnnxTensor.Of($"{name}.max", [], [most]))]);
    }

    public string Negative(string input) => Add("Neg", [input]);

    /// <summary>Along the last axis.</summary>
    public string Softmax(string input) => Add("Softmax", [input], new OnnxAttribute("axis") { Integer = -1 });

    /// <summary>The products of matrices, one by one.</summary>
    public string Matrix(string left, string right) => Add("MatMul", [left, right]);

    public string Transposed(string matrices) => Add("Transpose", [matrices], Sizes("perm", [0, 2, 1]));

    /// <summary>Of each image a matrix of its maps: channels by positions.</summary>
    public string Positions(string maps)
    {
        var name = NextName("Reshape");
        return Add("Reshape", [maps, Keep(OnnxTensor.Of($"{name}.shape", [0, 0, -1]))]);
    }

    /// <summary>In the shape of another value.</summary>
    public string Like(string input, string other) => Add("Reshape", [input, Add("Shape", [other])]);

    /// <summary>What a network has learned, as a value.</summary>
    public string Numbers(Tensor value) => Keep(OnnxTensor.Of($"{NextName("Value")}.numbers", value));

    /// <summary>As many channels as there were, each the same mixture of all.</summary>
    public string Mix(string images, IReadOnlyList<double> shares)
    {
        var (name, channels) = (NextName("Conv"), shares.Count);
        var weight = OnnxTensor.Of($"{name}.weight", [channels, channels, 1, 1], [.. Enumerable.Range(0, channels).SelectMany(_ => shares.Select(share => (float)share))]);
        return Add("Conv", [images, Keep(weight)], Sizes("kernel_shape", [1, 1]));
    }

    /// <summary>Vectors divided by their lengths, as PyTorch's `normalize` does.</summary>
    public string UnitLength(string vectors) => Quotient(
        vectors, AtLeast(Add("ReduceL2", [vectors], Sizes("axes", [1]), new OnnxAttribute("keepdims") { Integer = 1 }), SmallestLength));

    /// <summary>The largest of windows, what is odd of the padding at the end.</summary>
    public string MaxPoolEndPadded(string input, long size, long stride) =>
        Add("MaxPool", [input], Sizes("kernel_shape", [size, size]), Sizes("strides", [stride, stride]), EndPadded);

    /// <summary>Along the channels.</summary>
    public string Join(params string[] values) => Add("Concat", values, new OnnxAttribute("axis") { Integer = 1 });

    /// <summary>The means of squares of so many positions a side; what does not fill one is left out.</summary>
    public string AveragePool(string input, long side) => Add("AveragePool", [input], Sizes("kernel_shape", [side, side]), Sizes("strides", [side, side]));

    /// <summary>The mean over all positions, as vectors.</summary>
    public string GlobalAverage(string input) => AsVector(GlobalMean(input));

    /// <summary>The mean over all positions, as maps of one position.</summary>
    public string GlobalMean(string input) => Add("GlobalAveragePool", [input]);

    /// <summary>The largest over all positions, as maps of one position.</summary>
    public string GlobalMaximum(string input) => Add("GlobalMaxPool", [input]);

    /// <summary>Maps of one position as vectors.</summary>
    public string AsVector(string input) => Add("Flatten", [input], new OnnxAttribute("axis") { Integer = 1 });

    /// <summary>Vectors as maps of one position.</summary>
    public string AsMap(string input)
    {
        var name = NextName("Unsqueeze");
        return Add("Unsqueeze", [input, Keep(OnnxTensor.Of($"{name}.axes", [2, 3]))]);
    }

    /// <summary>Batch norm by running statistics.</summary>
    public string Normalize(string input, Tensor weight, Tensor bias, Tensor mean, Tensor variance, double epsilon)
    {
        var name = NextName("BatchNormalization");
        return Add(
            "BatchNormalization",
            [
                input, Keep(OnnxTensor.Of($"{name}.weight", weight)), Keep(OnnxTensor.Of($"{name}.bias", bias)),
                Keep(OnnxTensor.Of($"{name}.running_mean", mean)), Keep(OnnxTensor.Of($"{name}.running_var", variance)),
            ],
            new OnnxAttribute("epsilon") { Number = (float)epsilon });
    }

    /// <summary>Each map of each image by itself.</summary>
    public string NormalizeEach(string input, Tensor weight, Tensor bias, double epsilon) =>
        Add("InstanceNormalization", [input, .. Weights("InstanceNormalization", weight, bias)], new OnnxAttribute("epsilon") { Number = (float)epsilon });

    /// <summary>Sizes of the window, its steps, what is added at each side (null: as much as makes ⌈side / step⌉ windows, what is odd at the end), and the distance of its places: height, then width.</summary>
    public string Convolve(string input, Tensor weight, Tensor? bias, long[] size, long[] stride, long[]? padding, long[] dilation, long groups) => Add(
        "Conv",
        [input, .. Weights("Conv", weight, bias)],
        Sizes("kernel_shape", size),
        Sizes("strides", stride),
        padding is null ? EndPadded : Sizes("pads", Twice(padding)),
        Sizes("dilations", dilation),
        new OnnxAttribute("group") { Integer = groups });

    /// <summary>Channels from one on, up to another.</summary>
    public string Channels(string input, long from, long to)
    {
        var name = NextName("Slice");
        return Add("Slice", [input, Keep(OnnxTensor.Of($"{name}.starts", [from])), Keep(OnnxTensor.Of($"{name}.ends", [to])), Keep(OnnxTensor.Of($"{name}.axes", [1]))]);
    }

    /// <summary>A number that an operator of the type takes besides its input.</summary>
    private string Constant(string type, float value) => Keep(OnnxTensor.Of($"{NextName(type)}.constant", [], [value]));

    private string Multiply(Linear layer, string input) => Add("Gemm", [input, .. Weights("Gemm", layer.weight, layer.bias)], new OnnxAttribute("transB") { Integer = 1 });

    private List<string> Weights(string type, Tensor weight, Tensor? bias)
    {
        var name = NextName(type);
        List<string> names = [Keep(OnnxTensor.Of($"{name}.weight", weight))];
        if (bias is not null)
        {
            names.Add(Keep(OnnxTensor.Of($"{name}.bias", bias)));
        }

        return names;
    }

    private string Keep(OnnxTensor tensor)
    {
        _tensors.Add(tensor);
        return tensor.Name;
    }

    private string Add(string type, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes)
    {
        _nodes.Add(new OnnxNode(type, NextName(type), inputs, attributes));
        return _nodes[^1].Name;
    }

    private string NextName(string type) => $"{type.ToLowerInvariant()}_{_nodes.Count}";

    private static OnnxAttribute Sizes(string name, long[] values) => new(name) { Integers = values };

    /// <summary>ONNX wants what is added before and after, of all dimensions.</summary>
    private static long[] Twice(long[] padding) => [.. padding, .. padding];
}
