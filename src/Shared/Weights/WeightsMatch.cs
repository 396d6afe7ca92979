using ReidCloud.Specs;

namespace ReidCloud.Weights;

/// <summary>A network's entry and the tensor of a file that it is filled from.</summary>
public sealed record WeightsEntry(string Name, StoredTensor Source);

/// <summary>
/// Which network a file's tensors are, entry by entry: under the reference's names or torchvision's. Absent may be, each as a whole, the attention modules
/// (ImageNet has none) and the head; and the counters of batches. Anything else that is absent, or of another shape, is refused, and so is a larger network
/// that has a known one's entries among its own; only another head may be left over.
/// </summary>
public sealed record WeightsMatch(
    BackboneName Backbone, int? Identities, IReadOnlyList<WeightsEntry> Entries, IReadOnlyList<string> Missing, IReadOnlyList<string> LeftOver)
{
    private const int MostIdentities = 1_000_000;
    private const int MostNamed = 6;

    /// <param name="asked">The backbone that it must be, or null to recognise it.</param>
    /// <param name="name">What the file is called in messages.</param>
    /// <exception cref="WeightsException">It is no backbone that is known, or another than was asked for, or not all of one.</exception>
    public static WeightsMatch Of(WeightsFile file, BackboneName? asked, string name)
    {
        var candidates = Enum.GetValues<BackboneName>().Select(backbone => new Candidate(backbone, file.Tensors, name)).ToList();

        // Of those that fit equally well the one that wants least: ImageNet's ResNet-50 is a resnet50 before it is a resnet50bam without attention.
        var best = candidates.OrderByDescending(candidate => candidate.Matched).ThenBy(candidate => candidate.Wanted).First();
        if (best.Matched == 0)
        {
            throw new WeightsException(
                $"{name}: none of its {file.Tensors.Count} tensors has a name and a shape of one of the networks that are known ({Names(candidates.Select(candidate => candidate.Backbone))}); "
                + $"the first are {Some(file.Tensors.Select(tensor => $"{tensor.Name} {tensor.ShapeText}"))}. Push the state dict of such a network, from torchvision or from VKD.");
        }

        var chosen = asked is null ? best : candidates.Single(candidate => candidate.Backbone == asked);
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

    /// <summary>How a file's tensors fit one network.</summary>
    private sealed class Candidate
    {
        private readonly string _name;
        private readonly IReadOnlyList<NetworkEntry> _network;
        private readonly Dictionary<string, StoredTensor> _found = new(StringComparer.Ordinal);
        private readonly List<StoredTensor> _left = [];
        private readonly List<string> _misfits = [];

        public Candidate(BackboneName backbone, IReadOnlyList<StoredTensor> tensors, string name)
        {
            (Backbone, _name, _network) = (backbone, name, NetworkEntries.Of(backbone));
            var byName = Known(_network);
            foreach (var tensor in tensors)
            {
                if (!byName.TryGetValue(WeightsNames.Modern(tensor.Name), out var entry))
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

        public BackboneName Backbone { get; }

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

            var trunk = _network.Where(IsBackbone).SelectMany(entry => (string?[])[entry.Name, entry.Torchvision]).OfType<string>().Select(Root).ToHashSet(StringComparer.Ordinal);
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
            var identities = hasHead ? Identities(_found["classifier.classifier.weight"]) : (int?)null;
            return new WeightsMatch(
                Backbone,
                identities,
                [.. _network.Where(entry => _found.ContainsKey(entry.Name) && (hasHead || entry.Part != NetworkPart.Head)).Select(entry => new WeightsEntry(entry.Name, _found[entry.Name]))],
                [.. absent.Select(entry => entry.Name)],
                [.. _left.Select(tensor => tensor.Name), .. halves.Select(name => _found[name].Name)]);
        }

        /// <summary>Where an entry hangs; all stages of a ResNet are one root, however many another network has.</summary>
        private static string Root(string name)
        {
            var root = name.Split('.', 2)[0];
            return root.StartsWith("layer", StringComparison.Ordinal) ? root.TrimEnd([.. "0123456789"]) : root;
        }

        private static bool IsBackbone(NetworkEntry entry) => entry is { IsCounter: false, Part: not NetworkPart.Head };

        /// <summary>What must be there and is not. Of attention all or nothing must be there.</summary>
        private string[] Lacking()
        {
            var hasAttention = _network.Any(entry => entry.Part == NetworkPart.Attention && _found.ContainsKey(entry.Name));
            return [.. _network.Where(entry => IsBackbone(entry) && !_found.ContainsKey(entry.Name) && (entry.Part == NetworkPart.Backbone || hasAttention)).Select(entry => entry.Name)];
        }

        private int Identities(StoredTensor classifier) => classifier.Shape[0] <= MostIdentities
            ? (int)classifier.Shape[0]
            : throw new WeightsException($"{_name}: '{classifier.Name}' tells {classifier.Shape[0]} identities apart; at most {MostIdentities} are read. Push weights without a head.");

        private static Dictionary<string, NetworkEntry> Known(IReadOnlyList<NetworkEntry> network)
        {
            var known = network.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
            foreach (var entry in network.Where(entry => entry.Torchvision is not null))
            {
                known.Add(entry.Torchvision!, entry);
            }

            return known;
        }
    }
}
