using ReidCloud.GpuRunner.Models.Backbones;
using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// MVD's network (Tian et al., CVPR 2021; its spec §2): every image goes through the visible branch as it is, through the infrared branch in grey, and through the shared branch both ways,
/// whatever its modality. The embedding is the test feature of <see cref="MultiViewSpec.Features"/>, of length 1, of a set the mean of its images'; the logits are the mean of the four
/// observations'. With MVD's ResNet-50, MindSpore's style and 395 identities it has 82,091,550 parameters: the 161.9 million that MindSpore's page gives are about twice as many.
/// </summary>
internal sealed class MultiViewModel : ReidModel
{
    /// <summary>The entry of the shared branch whose rows are the identities.</summary>
    public const string ClassifierEntry = $"shared.{SingleViewModel.ClassifierEntry}";

    private const double GreyRed = 0.2989;
    private const double GreyGreen = 0.587;

    /// <summary>With which linear layers start: MindSpore's all, since what its program says of them has no effect (§15.3); the PyTorch program's classifiers.</summary>
    private const double MindsporeDeviation = 0.01;
    private const double ClassifierDeviation = 0.001;

    /// <summary>Of the weights of the norms in the PyTorch program's encoders, around 1 (§4).</summary>
    private const double EncoderNormDeviation = 0.02;

    private const string Bottleneck = "vib.";
    private static readonly string[] Branches = ["visible.", "infrared.", "shared."];

    private readonly MultiViewSpec _views;
    private readonly MultiViewFeature _feature;
    private readonly ViewBranch visible;
    private readonly ViewBranch infrared;
    private readonly ViewBranch shared;

    public MultiViewModel(ModelSpec spec, int identities) : this(spec, identities, () => BackboneRegistry.Create(spec))
    {
    }

    /// <summary>With backbones that no spec names, such as those of fewer blocks.</summary>
    internal MultiViewModel(ModelSpec spec, int identities, Func<Backbone> backbone) : base(nameof(MultiViewModel), spec, identities)
    {
        _views = spec.MultiView ?? throw new ArgumentException("a network of several views needs ModelSpec.MultiView", nameof(spec));
        _feature = MultiViewFeature.Of(_views.Features);
        visible = new ViewBranch(spec, _views, identities, backbone());
        infrared = new ViewBranch(spec, _views, identities, backbone());
        shared = new ViewBranch(spec, _views, identities, backbone());
        FeatureDim = _feature.Dim(shared.Backbone.FeatureDim, _views.BottleneckDim);
        RegisterComponents();
    }

    public override int FeatureDim { get; }

    /// <summary>The shared branch's, when it sees the image as it is.</summary>
    public override Backbone Backbone => shared.Backbone;

    /// <summary>Whether the entry of that name, of any network, is an information bottleneck's.</summary>
    public static bool IsOfBottleneck(string name) => InBranch(name)?.StartsWith(Bottleneck, StringComparison.Ordinal) == true;

    /// <summary>Channel attention is no backbone's: no other network has it.</summary>
    public override string? InBackbone(string name) =>
        InBranch(name) is { } own && own.StartsWith(BackbonePrefix, StringComparison.Ordinal) && !own.Split('.').Contains(ResNet.AttentionName) ? own : null;

    public override double? LinearDeviation(string name, long outputs) =>
        InBackbone(name) is not null ? Backbone.LinearDeviation
        : _views.Style == MultiViewStyle.Mindspore ? MindsporeDeviation
        : IsOfEncoder(name) ? Math.Sqrt(2.0 / outputs)
        : ClassifierDeviation;

    public override double? NormDeviation(string name) =>
        InBranch(name) == SingleViewModel.NeckNorm && Spec.NeckDeviation > 0 ? Spec.NeckDeviation
        : _views.Style == MultiViewStyle.Pytorch && IsOfEncoder(name) ? EncoderNormDeviation
        : null;

    public override Tensor LogitsOfMap(Tensor map_NDHW) => shared.OfMap(map_NDHW).Logits_NK;

    /// <summary>None: a feature of length 1 no longer has the lengths that the classifiers go by.</summary>
    public override Tensor? LogitsOf(Tensor embedding_BD, bool afterNeck = false) => null;

    /// <summary>The test feature; what it has no part of is not computed.</summary>
    public override string Lower(OnnxGraph graph, string input)
    {
        var said = new Dictionary<(string, bool), string>();
        string? grey = null;
        return _feature.Lower(graph, Said);

        string Said(string branch, bool isRepresentation)
        {
            if (!said.TryGetValue((branch, isRepresentation), out var value))
            {
                said[(branch, isRepresentation)] = value = isRepresentation
                    ? BranchOf(branch).LowerRepresentation(graph, Said(branch, false))
                    : BranchOf(branch).Lower(graph, SeesGrey(branch) ? grey ??= graph.Mix(input, GreyShares()) : input);
            }

            return value;
        }
    }

    public override string LowerToNeck(OnnxGraph graph, string input) => Lower(graph, input);

    /// <summary>
    /// The shared branch runs twice, so its running statistics move twice: in the PyTorch program of grey images first, in MindSpore's of the images as they are (golden mvd.model, mvd.ms.model).
    /// </summary>
    protected override ModelOutput OfImages(Tensor images_NCHW, long? sets)
    {
        var color_NCHW = ForBackbone(images_NCHW);
        var grey_NCHW = ForBackbone(Grey(images_NCHW));
        var said = new Dictionary<string, BranchOutput>();
        string[] order = _views.Style == MultiViewStyle.Pytorch
            ? [BranchOutput.Visible, BranchOutput.Infrared, BranchOutput.SharedGrey, BranchOutput.SharedColor]
            : [BranchOutput.Visible, BranchOutput.Infrared, BranchOutput.SharedColor, BranchOutput.SharedGrey];
        foreach (var name in order)
        {
            said[name] = BranchOf(name).Say(name, SeesGrey(name) ? grey_NCHW : color_NCHW);
        }

        var feature_ND = _feature.Join((name, isRepresentation) => isRepresentation ? said[name].Z_NZ : said[name].ObservationFeature_ND);
        var logits_NK = said.Values.Select(branch => branch.ObservationLogits_NK).Aggregate((sum, next) => sum + next) / said.Count;
        return new ModelOutput(
            sets is { } b ? feature_ND.view(b, -1, FeatureDim).mean([1]) : feature_ND.alias(),
            sets is { } c ? logits_NK.view(c, -1, Identities).mean([1]) : logits_NK.alias(),
            feature_ND,
            feature_ND.alias())
        {
            Branches = [.. BranchOutput.Names.Select(name => said[name])],
        };
    }

    /// <summary>One channel of three, thrice, of what was normalised already; no gradient goes through it.</summary>
    private Tensor Grey(Tensor images_NCHW)
    {
        using var frozen = no_grad();
        var shares = GreyShares();
        var grey_N1HW = Enumerable.Range(0, shares.Length).Select(channel => images_NCHW.narrow(1, channel, 1) * shares[channel]).Aggregate((sum, next) => sum + next);
        return grey_N1HW.expand(-1, shares.Length, -1, -1);
    }

    private double[] GreyShares() => [GreyRed, GreyGreen, _views.GreyBlue];

    private static bool SeesGrey(string branch) => branch is BranchOutput.Infrared or BranchOutput.SharedGrey;

    private ViewBranch BranchOf(string name) => name switch
    {
        BranchOutput.Visible => visible,
        BranchOutput.Infrared => infrared,
        _ => shared,
    };

    private static string? InBranch(string name) => Branches.FirstOrDefault(branch => name.StartsWith(branch, StringComparison.Ordinal)) is { } branch ? name[branch.Length..] : null;

    private static bool IsOfEncoder(string name) => IsOfBottleneck(name) && InformationBottleneck.IsOfEncoder(InBranch(name)![Bottleneck.Length..]);
}
