namespace ReidCloud.Weights;

/// <content>OSNet, whose entries are called as torchreid calls them.</content>
public sealed partial class NetworkEntries
{
    private const string OsNetRoot = "backbone";
    private const int OsNetFeature = 512;
    private const int OsNetReduction = 4;
    private const int OsNetGateReduction = 16;

    private long OsNet(int[] widths)
    {
        Unit("conv1", widths[0], 3, 7);
        for (var stage = 1; stage < widths.Length; stage++)
        {
            OmniScale($"conv{stage + 1}.0", widths[stage - 1], widths[stage]);
            OmniScale($"conv{stage + 1}.1", widths[stage], widths[stage]);
            if (stage < widths.Length - 1)
            {
                Unit($"conv{stage + 1}.2.0", widths[stage], widths[stage], 1);
            }
        }

        var width = widths[^1];
        Unit("conv5", width, width, 1);
        Add($"{OsNetRoot}.fc.0.weight", "fc.0.weight", NetworkPart.Backbone, OsNetFeature, width);
        Add($"{OsNetRoot}.fc.0.bias", "fc.0.bias", NetworkPart.Backbone, OsNetFeature);
        Norm($"{OsNetRoot}.fc.1", "fc.1", OsNetFeature);
        (_projectedDim, _publicClassifier) = (OsNetFeature, "classifier");
        return width;
    }

    /// <summary>Four branches of one to four light convolutions, and one gate for all of them.</summary>
    private void OmniScale(string name, int from, int to)
    {
        var middle = to / OsNetReduction;
        Unit($"{name}.conv1", middle, from, 1);
        Light($"{name}.conv2a", middle);
        foreach (var (depth, branch) in ((int, char)[])[(2, 'b'), (3, 'c'), (4, 'd')])
        {
            for (var i = 0; i < depth; i++)
            {
                Light($"{name}.conv2{branch}.{i}", middle);
            }
        }

        Gate($"{name}.gate.fc1", middle / OsNetGateReduction, middle);
        Gate($"{name}.gate.fc2", middle, middle / OsNetGateReduction);
        Unit($"{name}.conv3", to, middle, 1);
        if (from != to)
        {
            Unit($"{name}.downsample", to, from, 1);
        }
    }

    private void Light(string name, int width)
    {
        Convolution($"{OsNetRoot}.{name}.conv1", $"{name}.conv1", width, width, 1);
        Convolution($"{OsNetRoot}.{name}.conv2", $"{name}.conv2", width, 1, 3);
        Norm($"{OsNetRoot}.{name}.bn", $"{name}.bn", width);
    }

    private void Gate(string name, int to, int from)
    {
        Convolution($"{OsNetRoot}.{name}", name, to, from, 1);
        Add($"{OsNetRoot}.{name}.bias", $"{name}.bias", NetworkPart.Backbone, to);
    }

    private void Unit(string name, int to, int from, int size)
    {
        Convolution($"{OsNetRoot}.{name}.conv", $"{name}.conv", to, from, size);
        Norm($"{OsNetRoot}.{name}.bn", $"{name}.bn", to);
    }
}
