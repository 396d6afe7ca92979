using ReidCloud.Specs;

namespace ReidCloud.Weights;

/// <summary>
/// The state dict of every network, in the reference's order (VKD model/net.py; its spec §12), with torchvision's names of the same entries. Structure
/// from torchvision's resnet.py, densenet.py and mobilenetv2.py.
/// </summary>
public sealed class NetworkEntries
{
    private const string Root = "backbone.features_layers";
    private const int StemWidth = 64;
    private static readonly Dictionary<BackboneName, IReadOnlyList<NetworkEntry>> All =
        Enum.GetValues<BackboneName>().ToDictionary(name => name, name => (IReadOnlyList<NetworkEntry>)new NetworkEntries(name)._entries);

    private readonly List<NetworkEntry> _entries = [];
    private readonly long _featureDim;

    private NetworkEntries(BackboneName name)
    {
        _featureDim = name switch
        {
            BackboneName.ResNet18 => ResNet(false, [2, 2, 2, 2], false),
            BackboneName.ResNet34 => ResNet(false, [3, 4, 6, 3], false),
            BackboneName.ResNet50 => ResNet(true, [3, 4, 6, 3], false),
            BackboneName.ResNet101 => ResNet(true, [3, 4, 23, 3], false),
            BackboneName.ResNet50Bam => ResNet(true, [3, 4, 6, 3], true),
            BackboneName.ResNet101Bam => ResNet(true, [3, 4, 23, 3], true),
            BackboneName.DenseNet121 => DenseNet([6, 12, 24, 16]),
            BackboneName.MobileNet => MobileNet(),
        };
        Norm("classifier.bottleneck", null, _featureDim, NetworkPart.Head);
        Add("classifier.classifier.weight", null, NetworkPart.Head, NetworkEntry.Identities, _featureDim);
    }

    /// <summary>Backbone, then head.</summary>
    public static IReadOnlyList<NetworkEntry> Of(BackboneName name) => All[name];

    private long ResNet(bool bottleneck, int[] blocks, bool attention)
    {
        Convolution($"{Root}.0.0", "conv1", StemWidth, 3, 7);
        Norm($"{Root}.0.1", "bn1", StemWidth);
        long channels = StemWidth;
        for (var stage = 0; stage < blocks.Length; stage++)
        {
            var (name, known, width) = ($"{Root}.{stage + 1}.0", $"layer{stage + 1}", (long)StemWidth << stage);
            for (var block = 0; block < blocks[stage]; block++)
            {
                channels = Block($"{name}.{block}", $"{known}.{block}", channels, width, bottleneck);
            }

            if (attention && stage < blocks.Length - 1)
            {
                Attention($"{name}.bam", channels);
            }
        }

        return channels;
    }

    private long Block(string name, string known, long from, long width, bool bottleneck)
    {
        var to = bottleneck ? 4 * width : width;
        (long From, long To, long Size)[] convolutions = bottleneck ? [(from, width, 1), (width, width, 3), (width, to, 1)] : [(from, width, 3), (width, to, 3)];
        foreach (var (i, convolution) in convolutions.Index())
        {
            Convolution($"{name}.conv{i + 1}", $"{known}.conv{i + 1}", convolution.To, convolution.From, convolution.Size);
            Norm($"{name}.bn{i + 1}", $"{known}.bn{i + 1}", convolution.To);
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
