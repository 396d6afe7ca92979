using ReidCloud.Specs;

namespace ReidCloud.Weights;

/// <summary>
/// The state dict of every network, in its own order (for VKD's networks: model/net.py; its spec §12), with the names of the same entries in public weights. Structure
/// from torchvision's resnet.py, densenet.py and mobilenetv2.py, IBN-Net's resnet_ibn.py and torchreid's osnet.py.
/// </summary>
public sealed partial class NetworkEntries
{
    private const string Root = "backbone.features_layers";
    private const int StemWidth = 64;
    private static readonly Dictionary<BackboneName, NetworkEntries> All = Enum.GetValues<BackboneName>().ToDictionary(name => name, name => new NetworkEntries(name));

    private readonly List<NetworkEntry> _entries = [];
    private readonly long _mapDim;

    /// <summary>Of the feature that a backbone makes of its pooled map; null where it makes nothing of it.</summary>
    private long? _projectedDim;

    /// <summary>What the classifier of the public weights is called, where it is ours without a neck.</summary>
    private string? _publicClassifier;

    private NetworkEntries(BackboneName name)
    {
        _mapDim = name switch
        {
            BackboneName.ResNet18 => ResNet(false, [2, 2, 2, 2]),
            BackboneName.ResNet34 => ResNet(false, [3, 4, 6, 3]),
            BackboneName.ResNet50 => ResNet(true, [3, 4, 6, 3]),
            BackboneName.ResNet101 => ResNet(true, [3, 4, 23, 3]),
            BackboneName.ResNet50Bam => ResNet(true, [3, 4, 6, 3], attention: true),
            BackboneName.ResNet101Bam => ResNet(true, [3, 4, 23, 3], attention: true),
            BackboneName.DenseNet121 => DenseNet([6, 12, 24, 16]),
            BackboneName.MobileNet => MobileNet(),
            BackboneName.ResNet50IbnA => ResNet(true, [3, 4, 6, 3], mixed: true),
            BackboneName.ResNet101IbnA => ResNet(true, [3, 4, 23, 3], mixed: true),
            BackboneName.OsNetX100 => OsNet([64, 256, 384, 512]),
            BackboneName.OsNetX075 => OsNet([48, 192, 288, 384]),
            BackboneName.OsNetX050 => OsNet([32, 128, 192, 256]),
            BackboneName.OsNetX025 => OsNet([16, 64, 96, 128]),
        };
    }

    private NetworkEntries(NetworkEntries backbone)
    {
        (_mapDim, _projectedDim, _publicClassifier) = (backbone._mapDim, backbone._projectedDim, backbone._publicClassifier);
        _entries.AddRange(backbone._entries);
    }

    /// <summary>Backbone, classifier with its neck, pooling, local branch; or three branches.</summary>
    public static IReadOnlyList<NetworkEntry> Of(ModelSpec model) => model.MultiView is { } views ? OfViews(model, views) : OfOne(model);

    private static List<NetworkEntry> OfOne(ModelSpec model)
    {
        var network = new NetworkEntries(All[model.Backbone]);
        network.Head(model.Neck);
        if (model.Pooling == PoolingName.GeneralizedMean)
        {
            network.Add("pooling.p", null, NetworkPart.Pooling, 1);
        }

        if (model.Local is { } local)
        {
            network.Biased("local_conv", NetworkPart.Local, local.Channels, network._mapDim, 1, 1);
            network.Norm("local_bn", null, local.Channels, NetworkPart.Local);
        }

        return network._entries;
    }

    private void Head(NeckName neck)
    {
        const string Classifier = "classifier.classifier";
        var featureDim = _projectedDim ?? _mapDim;
        if (neck == NeckName.BatchNorm)
        {
            Norm("classifier.bottleneck", null, featureDim, NetworkPart.Head);
            Add($"{Classifier}.weight", null, NetworkPart.Head, NetworkEntry.Identities, featureDim);
            return;
        }

        Add($"{Classifier}.weight", _publicClassifier is null ? null : $"{_publicClassifier}.weight", NetworkPart.Head, NetworkEntry.Identities, featureDim);
        Add($"{Classifier}.bias", _publicClassifier is null ? null : $"{_publicClassifier}.bias", NetworkPart.Head, NetworkEntry.Identities);
    }

    private long ResNet(bool bottleneck, int[] blocks, bool attention = false, bool mixed = false)
    {
        Convolution($"{Root}.0.0", "conv1", StemWidth, 3, 7);
        Norm($"{Root}.0.1", "bn1", StemWidth);
        long channels = StemWidth;
        for (var stage = 0; stage < blocks.Length; stage++)
        {
            var (name, known, width) = ($"{Root}.{stage + 1}.0", $"layer{stage + 1}", (long)StemWidth << stage);
            for (var block = 0; block < blocks[stage]; block++)
            {
                channels = Block($"{name}.{block}", $"{known}.{block}", channels, width, bottleneck, mixed && stage < blocks.Length - 1);
            }

            if (attention && stage < blocks.Length - 1)
            {
                Attention($"{name}.bam", channels);
            }
        }

        return channels;
    }

    private long Block(string name, string known, long from, long width, bool bottleneck, bool mixed)
    {
        var to = bottleneck ? 4 * width : width;
        (long From, long To, long Size)[] convolutions = bottleneck ? [(from, width, 1), (width, width, 3), (width, to, 1)] : [(from, width, 3), (width, to, 3)];
        foreach (var (i, convolution) in convolutions.Index())
        {
            Convolution($"{name}.conv{i + 1}", $"{known}.conv{i + 1}", convolution.To, convolution.From, convolution.Size);
            if (mixed && i == 0)
            {
                // Half the channels by image, half by batch: IBN-Net's modules.py.
                Affine($"{name}.bn1.IN", $"{known}.bn1.IN", convolution.To / 2);
                Norm($"{name}.bn1.BN", $"{known}.bn1.BN", convolution.To - (convolution.To / 2));
            }
            else
            {
                Norm($"{name}.bn{i + 1}", $"{known}.bn{i + 1}", convolution.To);
            }
        }

        // Only a stage's first block changes the size; of the first stage of an 18 or 34 it does not either.
        if (name.EndsWith(".0", StringComparison.Ordinal) && (from != to || width > StemWidth))
        {
            Convolution($"{name}.downsample.0", $"{known}.downsample.0", to, from, 1);
            Norm($"{name}.downsample.1", $"{known}.downsample.1", to);
        }

        return to;
    }

    private void Attention(string name, long channels)
    {
        const NetworkPart Part = NetworkPart.Attention;
        var hidden = channels / 16;
        var gate = $"{name}.channel_att.gate_c.gate_c";
        Biased($"{gate}_fc_0", Part, hidden, channels);
        Norm($"{gate}_bn_1", null, hidden, Part);
        Biased($"{gate}_fc_final", Part, channels, hidden);
        gate = $"{name}.spatial_att.gate_s.gate_s";
        Biased($"{gate}_conv_reduce0", Part, hidden, channels, 1, 1);
        Norm($"{gate}_bn_reduce0", null, hidden, Part);
        for (var i = 0; i < 2; i++)
        {
            Biased($"{gate}_conv_di_{i}", Part, hidden, hidden, 3, 3);
            Norm($"{gate}_bn_di_{i}", null, hidden, Part);
        }

        Biased($"{gate}_conv_final", Part, 1, hidden, 1, 1);
    }

    private long DenseNet(int[] layers)
    {
        const int Growth = 32;
        Convolution($"{Root}.0", "features.conv0", StemWidth, 3, 7);
        Norm($"{Root}.1", "features.norm0", StemWidth);
        long channels = StemWidth;
        for (var block = 0; block < layers.Length; block++)
        {
            // Behind conv, norm, relu and pool; between blocks lies a transition.
            var place = 4 + (2 * block);
            for (var layer = 1; layer <= layers[block]; layer++, channels += Growth)
            {
                var (name, known) = ($"{Root}.{place}.denselayer{layer}", $"features.denseblock{block + 1}.denselayer{layer}");
                Norm($"{name}.norm1", $"{known}.norm1", channels);
                Convolution($"{name}.conv1", $"{known}.conv1", 4 * Growth, channels, 1);
                Norm($"{name}.norm2", $"{known}.norm2", 4 * Growth);
                Convolution($"{name}.conv2", $"{known}.conv2", Growth, 4 * Growth, 3);
            }

            if (block < layers.Length - 1)
            {
                var (name, known) = ($"{Root}.{place + 1}", $"features.transition{block + 1}");
                Norm($"{name}.norm", $"{known}.norm", channels);
                Convolution($"{name}.conv", $"{known}.conv", channels /= 2, 2 * channels, 1);
            }
        }

        Norm($"{Root}.{4 + (2 * layers.Length) - 1}", "features.norm5", channels);
        return channels;
    }

    private long MobileNet()
    {
        const int Last = 1280;
        long channels = 32;
        var place = 0;
        Pair($"{place}", channels, 3, 3);
        foreach (var (expansion, width, blocks) in ((int, int, int)[])[(1, 16, 1), (6, 24, 2), (6, 32, 3), (6, 64, 4), (6, 96, 3), (6, 160, 3), (6, 320, 1)])
        {
            for (var block = 0; block < blocks; block++, channels = width)
            {
                var (name, hidden, part) = ($"{++place}.conv", channels * expansion, 0);
                if (expansion > 1)
                {
                    Pair($"{name}.{part++}", hidden, channels, 1);
                }

                Pair($"{name}.{part++}", hidden, 1, 3);
                Convolution($"{Root}.{name}.{part}", $"features.{name}.{part}", width, hidden, 1);
                Norm($"{Root}.{name}.{part + 1}", $"features.{name}.{part + 1}", width);
            }
        }

        Pair($"{place + 1}", Last, channels, 1);
        return Last;

        void Pair(string name, long to, long from, long size)
        {
            Convolution($"{Root}.{name}.0", $"features.{name}.0", to, from, size);
            Norm($"{Root}.{name}.1", $"features.{name}.1", to);
        }
    }

    private void Convolution(string name, string? known, long to, long from, long size) =>
        Add($"{name}.weight", known is null ? null : $"{known}.weight", NetworkPart.Backbone, to, from, size, size);

    private void Affine(string name, string known, long channels)
    {
        Add($"{name}.weight", $"{known}.weight", NetworkPart.Backbone, channels);
        Add($"{name}.bias", $"{known}.bias", NetworkPart.Backbone, channels);
    }

    private void Biased(string name, NetworkPart part, params long[] shape)
    {
        Add($"{name}.weight", null, part, shape);
        Add($"{name}.bias", null, part, shape[0]);
    }

    private void Norm(string name, string? known, long channels, NetworkPart part = NetworkPart.Backbone)
    {
        foreach (var field in (string[])["weight", "bias", "running_mean", "running_var"])
        {
            Add($"{name}.{field}", known is null ? null : $"{known}.{field}", part, channels);
        }

        Add($"{name}.num_batches_tracked", known is null ? null : $"{known}.num_batches_tracked", part);
    }

    private void Add(string name, string? known, NetworkPart part, params long[] shape) => _entries.Add(new NetworkEntry(name, shape, part, known));
}
