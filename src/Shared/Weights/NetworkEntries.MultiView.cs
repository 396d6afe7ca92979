using ReidCloud.Specs;

namespace ReidCloud.Weights;

/// <content>
/// MVD's network of three branches, with the names that its two public programs give the entries (spec of MVD §15.4, §15.10; golden names/mvd.*.tsv). It is whole or it is not that network, so all
/// of it counts as backbone; only attention may be absent.
/// </content>
public sealed partial class NetworkEntries
{
    private const string Bottleneck = "vib";
    private static readonly int[] BottleneckWidths = [1000, 500, 256];

    /// <summary>Ours, the PyTorch program's and, of MindSpore's, the branch and what its backbone is a member as.</summary>
    private static readonly (string Own, string Pytorch, string Mindspore, string Member)[] Branches =
        [("visible", "RGB", "rgb", "visible"), ("infrared", "IR", "ir", "thermal"), ("shared", "shared", "shared", "base")];

    /// <summary>The PyTorch program names attention after the channels of its ResNet-50.</summary>
    private static readonly string[] PytorchAttention = ["cam_256", "cam_512", "cam_1024"];

    private static List<NetworkEntry> OfViews(ModelSpec model, MultiViewSpec views)
    {
        var branch = new NetworkEntries(All[model.Backbone], attention: views.Attention);
        branch.Norm("classifier.bottleneck", null, branch._projectedDim ?? branch._mapDim);
        branch.Biased("classifier.classifier", NetworkPart.Backbone, NetworkEntry.Identities, branch._projectedDim ?? branch._mapDim);
        if (model.Pooling == PoolingName.GeneralizedMean)
        {
            branch.Add("pooling.p", null, NetworkPart.Backbone, 1);
        }

        branch.Representation(views.BottleneckDim);
        var norms = branch._entries.Where(entry => entry.IsCounter).Select(entry => Module(entry.Name)).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Branches.SelectMany(names => branch._entries, (names, entry) => entry with
            {
                Name = $"{names.Own}.{entry.Name}",
                Public = !PublicNames.HasBase(model.Backbone) ? null
                    : views.Style == MultiViewStyle.Pytorch ? Pytorch(names.Pytorch, entry)
                    : Mindspore(names.Mindspore, names.Member, entry, norms.Contains(Module(entry.Name))),
            }),
        ];
    }

    /// <summary>With attention in front of the second, third and fourth stage of a ResNet.</summary>
    private NetworkEntries(NetworkEntries backbone, bool attention) : this(backbone)
    {
        for (var stage = 2; attention && stage <= 4; stage++)
        {
            var first = _entries.FindIndex(entry => entry.Name.StartsWith($"{Root}.{stage}.", StringComparison.Ordinal));
            _entries.Insert(first, new NetworkEntry($"{Root}.{stage}.cam.gamma", [1], NetworkPart.Attention, $"{PytorchAttention[stage - 2]}._cam_module.gamma"));
        }
    }

    private void Representation(int dim)
    {
        const NetworkPart Part = NetworkPart.Backbone;
        var (first, second, hidden) = (BottleneckWidths[0], BottleneckWidths[1], BottleneckWidths[2]);
        Biased($"{Bottleneck}.bottleneck.model.0", Part, first, _projectedDim ?? _mapDim);
        Norm($"{Bottleneck}.bottleneck.model.1", null, first);
        Biased($"{Bottleneck}.bottleneck.model.3", Part, second, first);
        Norm($"{Bottleneck}.bottleneck.model.4", null, second);
        Biased($"{Bottleneck}.bottleneck.model.6", Part, dim, second);
        Biased($"{Bottleneck}.classifier.0", Part, hidden, dim);
        Norm($"{Bottleneck}.classifier.1", null, hidden);
        Biased($"{Bottleneck}.classifier.4", Part, NetworkEntry.Identities, hidden);
    }

    private static string? Pytorch(string branch, NetworkEntry entry) => entry switch
    {
        { Part: NetworkPart.Attention } => $"{branch}_backbone.{entry.Public}",
        { Public: { } known } => $"{branch}_backbone.base.{known}",
        _ => entry.Name.Split('.', 3) switch
        {
            ["classifier", "bottleneck", var field] => $"{branch}_backbone.bottleneck.{field}",
            ["classifier", "classifier", var field] => $"{branch}_backbone.classifier.0.{field}",
            [Bottleneck, ..] => $"{branch}_Bottleneck.{entry.Name[(Bottleneck.Length + 1)..]}",
            _ => null,
        },
    };

    private static string? Mindspore(string branch, string member, NetworkEntry entry, bool isNorm)
    {
        var name = entry switch
        {
            { IsCounter: true } or { Part: NetworkPart.Attention } => null,
            { Public: { } known } => $"{branch}_backbone.{member}.{known.Replace(".downsample.", ".down_sample_layer.", StringComparison.Ordinal)}",
            _ => entry.Name.Split('.', 3) switch
            {
                ["classifier", var layer, var field] => $"{branch}_backbone.{member}.{layer}.{field}",
                [Bottleneck, ..] => $"{branch}_bottleneck.{entry.Name[(Bottleneck.Length + 1)..]}",
                _ => null,
            },
        };
        return !isNorm || name is null ? name : $"{Module(name)}.{Field(name) switch
        {
            "weight" => "gamma",
            "bias" => "beta",
            "running_mean" => "moving_mean",
            _ => "moving_variance",
        }}";
    }

    private static string Module(string entry) => entry[..entry.LastIndexOf('.')];

    private static string Field(string entry) => entry[(entry.LastIndexOf('.') + 1)..];
}
