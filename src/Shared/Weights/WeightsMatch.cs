using ReidCloud.Specs;

namespace ReidCloud.Weights;

/// <summary>A network's entry and the tensor of a file that it is filled from.</summary>
public sealed record WeightsEntry(string Name, StoredTensor Source);

/// <summary>
/// Which network a file's tensors are, entry by entry: under our names or those of the network's public weights, or as programs write them that keep the backbone in a member `base`. Absent
/// may be, each as a whole, the attention modules (ImageNet has none) and the head; and the counters of batches. Anything else that is absent, or of another shape, is refused, and so is a
/// larger network that has a known one's entries among its own; only another head may be left over. What head there is, and whether a local branch and a learned power of pooling, the file's
/// names tell; what they do not, the last stride and the last ReLU, is that of the program whose names they are.
/// </summary>
public sealed record WeightsMatch(
    ModelSpec Model, int? Identities, IReadOnlyList<WeightsEntry> Entries, IReadOnlyList<string> Missing, IReadOnlyList<string> LeftOver, IReadOnlyList<string> Notes)
{
    private const int MostIdentities = 1_000_000;
    private const int MostNamed = 6;

    /// <summary>A classifier of so many classes under a public name is ImageNet's: no identities.</summary>
    private const int ImageNetClasses = 1000;

    /// <param name="asked">The backbone that it must be, or null to recognise it.</param>
    /// <param name="name">What the file is called in messages.</param>
    /// <exception cref="WeightsException">It is no backbone that is known, or another than was asked for, or not all of one.</exception>
    public static WeightsMatch Of(WeightsFile file, BackboneName? asked, string name)
    {
        var shapes = file.Tensors.GroupBy(tensor => tensor.Name, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First().Shape, StringComparer.Ordinal);
        var candidates = Enum.GetValues<BackboneName>()
            .SelectMany(backbone => ((bool[])[false, true]).Where(inBase => !inBase || PublicNames.HasBase(backbone)).Select(inBase => (Backbone: backbone, InBase: inBase)))
            .Select(form => new Candidate(Guess(form.Backbone, form.InBase, shapes), form.InBase, file.Tensors, name))
            .Concat(Enum.GetValues<BackboneName>().Select(backbone => MultiViewNames.Guess(backbone, shapes)).OfType<ModelSpec>().Select(model => new Candidate(model, false, file.Tensors, name))).ToList();

        // Of those that fit equally well the one that wants least: ImageNet's ResNet-50 is a resnet50 before it is a resnet50bam without attention.
        var ordered = candidates.OrderByDescending(candidate => candidate.Matched).ThenBy(candidate => candidate.Wanted).ToList();
        var best = ordered[0];
        if (best.Matched == 0)
        {
            throw new WeightsException(
                $"{name}: none of its {file.Tensors.Count} tensors has a name and a shape of one of the networks that are known ({Names(Enum.GetValues<BackboneName>())}); "
                + $"the first are {Some(file.Tensors.Select(tensor => $"{tensor.Name} {tensor.ShapeText}"))}. Push the state dict of such a network, "
                + "from torchvision, IBN-Net or torchreid, from VKD, AlignedReID or the strong baseline.");
        }

        var chosen = asked is null ? best : ordered.First(candidate => candidate.Backbone == asked);
        if (chosen.Matched < best.Matched || (best.IsWhole && !chosen.IsWhole))
        {
            throw new WeightsException(
                $"{name} looks like {Name(best.Backbone)}, not {Name(chosen.Backbone)}: it has {best.Matched} of {best.Wanted} tensors of the one and {chosen.Matched} of {chosen.Wanted} of the other. "
                + $"Push it as {Name(best.Backbone)}, or name no backbone.");
        }

        return chosen.Settle();
    }

    private static string Name(BackboneName backbone) => NameConverterFactory.NameOf(backbone);

    private static string Names(IEnumerable<BackboneName> backbones) => string.Join(", ", backbones.Select(Name));

    private static string Some(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? $" and {all.Count - MostNamed} more" : "");
    }

    /// <summary>What the names of a file tell of its network beyond the backbone.</summary>
    private static ModelSpec Guess(BackboneName backbone, bool inBase, Dictionary<string, IReadOnlyList<long>> shapes)
    {
        if (inBase)
        {
            return shapes.ContainsKey("bottleneck.weight") && !shapes.ContainsKey("fc.weight")
                ? PublicNames.Baseline(backbone)
                : PublicNames.Aligned(backbone, LocalOf(shapes));
        }

        var classifier = backbone.IsOsNet() && shapes.ContainsKey("classifier.bias") ? "classifier.bias" : "classifier.classifier.bias";
        return new ModelSpec(backbone)
        {
            Neck = shapes.ContainsKey(classifier) && !shapes.ContainsKey("classifier.bottleneck.weight") ? NeckName.None : NeckName.BatchNorm,
            Pooling = shapes.ContainsKey("pooling.p") ? PoolingName.GeneralizedMean : PoolingName.Average,
            Local = LocalOf(shapes),
        };
    }

    /// <summary>A local branch that is there as a whole. Half of one is left over.</summary>
    private static LocalBranchSpec? LocalOf(Dictionary<string, IReadOnlyList<long>> shapes)
    {
        var width = shapes.TryGetValue("local_conv.weight", out var shape) && shape.Count == 4 ? shape[0] : 0;
        string[] whole = ["local_conv.bias", "local_bn.weight", "local_bn.bias", "local_bn.running_mean", "local_bn.running_var"];
        return width is > 0 and <= LocalBranchSpec.MostChannels && whole.All(shapes.ContainsKey) ? new LocalBranchSpec((int)width) : null;
    }

    /// <summary>How a file's tensors fit one network, as one kind of program names them.</summary>
    private sealed class Candidate
    {
        private readonly string _name;
        private readonly bool _inBase;
        private readonly ModelSpec _model;
        private readonly IReadOnlyList<NetworkEntry> _network;
        private readonly Dictionary<string, StoredTensor> _found = new(StringComparer.Ordinal);
        private readonly List<StoredTensor> _left = [];
        private readonly List<string> _misfits = [];

        public Candidate(ModelSpec model, bool inBase, IReadOnlyList<StoredTensor> tensors, string name)
        {
            (_name, _inBase, _model) = (name, inBase, model);
            _network = NetworkEntries.Of(_model);
            var byName = _network.SelectMany(entry => NamesOf(entry), (entry, known) => (Name: known, Entry: entry)).ToDictionary(pair => pair.Name, pair => pair.Entry, StringComparer.Ordinal);
            foreach (var tensor in tensors)
            {
                if (!byName.TryGetValue(WeightsNames.Modern(tensor.Name), out var entry) || IsOfImageNet(entry, tensor))
                {
                    _left.Add(tensor);
                }
                else if (!entry.HasShape(tensor.Shape) || !(entry.IsCounter ? tensor.Type is TensorType.Int64 or TensorType.Int32 : tensor.Type.IsFloatingPoint()))
                {
                    _misfits.Add($"{tensor.Name} is {tensor.Type.Name()} {tensor.ShapeText} where {(entry.IsCounter ? "a whole number is" : $"floats {StoredTensor.TextOf(entry.Shape)} are")} wanted");
                }
                else if (tensor.Length > TensorBytes.MaxLength)
                {
                    _misfits.Add($"{tensor.Name} lies on {tensor.Length} bytes of the file, where at most {TensorBytes.MaxLength} are read");
                }
                else if (!_found.TryAdd(entry.Name, tensor))
                {
                    throw new WeightsException($"{name}: '{_found[entry.Name].Name}' and '{tensor.Name}' are names of the same tensor, and which counts cannot be told. {WeightsException.SaveAgain}");
                }
            }
        }

        public BackboneName Backbone => _model.Backbone;

        /// <summary>Tensors of the backbone, attention included, that are there.</summary>
        public int Matched => _network.Count(entry => IsBackbone(entry) && _found.ContainsKey(entry.Name));

        public int Wanted => _network.Count(IsBackbone);

        public bool IsWhole => _misfits.Count == 0 && Lacking().Length == 0;

        public WeightsMatch Settle()
        {
            if (!IsWhole)
            {
                var what = _misfits.Count > 0 ? $"does not fit: {Some(_misfits)}" : $"lacks {Lacking().Length} of its {Wanted} tensors: {Some(Lacking())}";
                throw new WeightsException($"{_name} looks most like {Name(Backbone)}, but {what}. Push the whole state dict of one network that is known.");
            }

            var trunk = _network.Where(IsBackbone).SelectMany(NamesOf).Select(Root).ToHashSet(StringComparer.Ordinal);
            var strangers = _left.Select(tensor => tensor.Name).Where(name => trunk.Contains(Root(name))).ToList();
            if (strangers.Count > 0)
            {
                throw new WeightsException(
                    $"{_name} has all of {Name(Backbone)}, but among its layers also {Some(strangers)}: it is another network, of which this would be a part that never was trained alone. "
                    + $"Push weights of one that is known: {Names(Enum.GetValues<BackboneName>())}.");
            }

            var absent = _network.Where(entry => !_found.ContainsKey(entry.Name)).ToList();

            // Half a head is none: without its norm a classifier's scores mean nothing.
            var hasHead = !absent.Any(entry => entry is { Part: NetworkPart.Head, IsCounter: false });
            string[] halves = hasHead ? [] : [.. _network.Where(entry => entry.Part == NetworkPart.Head && _found.ContainsKey(entry.Name)).Select(entry => entry.Name)];
            var identities = hasHead ? Identities(_found[ClassifierOf(_model)]) : (int?)null;
            return new WeightsMatch(
                _model,
                identities,
                [.. _network.Where(entry => _found.ContainsKey(entry.Name) && (hasHead || entry.Part != NetworkPart.Head)).Select(entry => new WeightsEntry(entry.Name, _found[entry.Name]))],
                [.. absent.Select(entry => entry.Name)],
                [.. _left.Select(tensor => tensor.Name), .. halves.Select(name => _found[name].Name)],
                _model.MultiView is { } views ? [MultiViewNames.Note(views)] : _inBase ? [$"named as {(_model.Neck == NeckName.None ? "AlignedReID's program" : "the strong baseline")} does, so taken for its network"] : []);
        }

        /// <summary>What the entry may be called in the file.</summary>
        private IEnumerable<string> NamesOf(NetworkEntry entry) =>
            _inBase ? ((string?[])[PublicNames.InBase(entry, _model.Neck)]).OfType<string>() : ((string?[])[entry.Name, entry.Public]).OfType<string>();

        private static bool IsOfImageNet(NetworkEntry entry, StoredTensor tensor) =>
            entry.Part == NetworkPart.Head && tensor.Name == entry.Public && tensor.Shape is [ImageNetClasses, ..];

        /// <summary>Where an entry hangs; all stages of a ResNet are one root, however many another network has.</summary>
        private string Root(string name)
        {
            if (_model.MultiView is not null)
            {
                return string.Join('.', name.Split('.').Take(3)).TrimEnd([.. "0123456789"]);
            }

            var known = _inBase ? PublicNames.OutOfBase(name) : name;
            var root = known?.Split('.', 2)[0] ?? "";
            return root.StartsWith("layer", StringComparison.Ordinal) ? root.TrimEnd([.. "0123456789"]) : root;
        }

        private static bool IsBackbone(NetworkEntry entry) => entry is { IsCounter: false, Part: NetworkPart.Backbone or NetworkPart.Attention };

        /// <summary>What must be there and is not. Of attention all or nothing must be there.</summary>
        private string[] Lacking()
        {
            var hasAttention = _network.Any(entry => entry.Part == NetworkPart.Attention && _found.ContainsKey(entry.Name));
            return [.. _network.Where(entry => IsBackbone(entry) && !_found.ContainsKey(entry.Name) && (entry.Part == NetworkPart.Backbone || hasAttention)).Select(entry => entry.Name)];
        }

        private static string ClassifierOf(ModelSpec model) => model.MultiView is null ? "classifier.classifier.weight" : "shared.classifier.classifier.weight";

        private int Identities(StoredTensor classifier)
        {
            if (_network.FirstOrDefault(entry => entry.Shape.Contains(NetworkEntry.Identities) && _found[entry.Name].Shape[0] != classifier.Shape[0]) is { } other)
            {
                throw new WeightsException(
                    $"{_name}: '{classifier.Name}' tells {classifier.Shape[0]} identities apart, and '{_found[other.Name].Name}' {_found[other.Name].Shape[0]}: they are of different networks. {WeightsException.SaveAgain}");
            }

            return classifier.Shape[0] <= MostIdentities ? (int)classifier.Shape[0] : throw TooMany(classifier);
        }

        private WeightsException TooMany(StoredTensor classifier) => new($"{_name}: '{classifier.Name}' tells {classifier.Shape[0]} identities apart; at most {MostIdentities} are read. Push weights without a head.");
    }
}
