using System.Text;
using System.Text.Json.Nodes;
using ReidCloud.Specs;
using ReidCloud.Weights;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// One safetensors stream with all that a run needs to go on, and all that another run needs to use its result: weights as `model.ROLE.NAME`, optimizer
/// state as `optimizer.ROLE.…`, what losses learned as `loss.ROLE.…`, the rest as JSON in the metadata. The same state gives the same bytes, of a repeat of the request too.
/// </summary>
internal static class Checkpoint
{
    private const string Format = "reidcloud-checkpoint-1";

    public static void Write(Stream stream, CheckpointHead head, IReadOnlyList<(string Name, Tensor Value)> tensors) => Safetensors.Write(
        stream,
        new Dictionary<string, string> { ["format"] = Format, ["head"] = Encoding.UTF8.GetString(ReidJson.Write(head with { Spec = Unrepeated(head.Spec) })) },
        tensors);

    /// <summary>A model's entries under the names that a checkpoint gives them.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Entries(string role, ReidModel model) =>
        model.State().Select(entry => (ModelPrefix(role) + entry.Name, entry.Value));

    /// <summary>Whether a file says that it is one; whether that is true, reading it shows.</summary>
    public static bool IsNamed(Stream stream)
    {
        try
        {
            return SafetensorsHeader.Read(stream).Metadata.GetValueOrDefault("format") == Format;
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            return false;
        }
    }

    /// <summary>What a checkpoint says about itself.</summary>
    /// <exception cref="CheckpointException">It is not a checkpoint, or damaged.</exception>
    public static CheckpointHead ReadHead(Stream stream) => Open(stream).Head;

    /// <summary>
    /// Puts a run's own checkpoint back into <paramref name="targets"/>, every tensor of them and no other, and returns where it stands.
    /// </summary>
    /// <exception cref="CheckpointException">It belongs to another run or data set, or does not fit.</exception>
    public static CheckpointHead Restore(
        Stream stream, TrainSpec spec, string datasetHash, IReadOnlyList<string> identities, IReadOnlyList<(string Name, Tensor Value)> targets)
    {
        var (header, head) = Open(stream);
        if (FirstDifference("$", JsonNode.Parse(ReidJson.Write(Unrepeated(head.Spec))), JsonNode.Parse(ReidJson.Write(Unrepeated(spec)))) is { } difference)
        {
            throw new CheckpointException($"the checkpoint was made by a run with another spec: {difference}; resume it with its own spec, or start without it");
        }

        CheckDataset("the checkpoint", "start without it", head, datasetHash, identities);
        Fill(stream, header, targets, unknown => throw new CheckpointException($"the checkpoint holds '{unknown}', which this run does not know"));
        return head;
    }

    /// <summary>The result of a finished run, or one of its peers, ready to evaluate: on the CPU, in evaluation mode. The caller disposes it.</summary>
    /// <exception cref="CheckpointException">It is not a checkpoint, damaged, has no such peer, or its tensors do not fit its own spec.</exception>
    public static TrainedModel LoadModel(Stream stream, int? peer = null)
    {
        var (header, head) = Open(stream);
        var role = RoleOf(head, peer);
        CheckClassifier(header, head, role);
        var model = ReidModel.Of(head.Spec.Model, head.Identities.Count);
        try
        {
            Fill(stream, header, [.. Entries(role, model)], _ => { });
        }
        catch
        {
            model.Dispose();
            throw;
        }

        model.eval();
        return new TrainedModel(model, head);
    }

    /// <summary>Where in the file the entries of the result, or of a peer, are, under the names that other programs know, found without reading them.</summary>
    /// <exception cref="CheckpointException">It is not a checkpoint, damaged, or has no such peer.</exception>
    public static IReadOnlyList<WeightsEntry> FindResult(Stream stream, int? peer = null)
    {
        var (header, head) = Open(stream);
        var (prefix, data, names) = (ModelPrefix(RoleOf(head, peer)), stream.Position, PublicNames.Of(head.Spec.Model));
        return [.. header.Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => new WeightsEntry(
                names.GetValueOrDefault(entry.Name[prefix.Length..]) ?? throw new CheckpointException($"the checkpoint holds '{entry.Name}', which its network lacks"),
                SafetensorsHeader.Locate(entry, data)))];
    }

    /// <summary>How often it was asked for before changes nothing of what is learned.</summary>
    private static TrainSpec Unrepeated(TrainSpec spec) => spec with { Repeat = 0 };

    private static string RoleOf(CheckpointHead head, int? peer)
    {
        if (peer is not { } asked)
        {
            return head.ResultRole;
        }

        var peers = head.Spec.Method is MutualLearningSpec mutual ? mutual.Peers : 0;
        return asked >= 1 && asked <= peers
            ? MutualLearningSpec.RoleOf(asked)
            : throw new CheckpointException(
                peers == 0 ? "it has no peers, since it was no run of mutual learning: leave the peer out" : $"it has no peer {asked}, only peers 1 to {peers}");
    }

    private static string ModelPrefix(string role) => $"model.{role}.";

    private static (SafetensorsHeader Header, CheckpointHead Head) Open(Stream stream)
    {
        try
        {
            var header = SafetensorsHeader.Read(stream);
            if (!header.Metadata.TryGetValue("format", out var format) || format != Format || !header.Metadata.TryGetValue("head", out var head))
            {
                throw new CheckpointException($"the file is safetensors, but not a checkpoint of this program (its metadata lacks format = {Format})");
            }

            return (header, ReidJson.Read<CheckpointHead>(Encoding.UTF8.GetBytes(head)));
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or SpecException or NotSupportedException)
        {
            throw new CheckpointException($"the checkpoint cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Before a model of that many identities is made: the file's own length vouches for the entry's size, not for the list's.</summary>
    private static void CheckClassifier(SafetensorsHeader header, CheckpointHead head, string role)
    {
        var name = $"{ModelPrefix(role)}{ReidModel.ClassifierEntryOf(head.Spec.Model)}";
        var entry = header.Entries.FirstOrDefault(entry => entry.Name == name) ?? throw new CheckpointException($"the checkpoint lacks '{name}'");
        if (entry.Shape.Length != 2 || entry.Shape[0] != head.Identities.Count)
        {
            throw new CheckpointException($"the checkpoint lists {head.Identities.Count} identities, but its '{name}' is [{string.Join(", ", entry.Shape)}]");
        }
    }

    internal static void CheckDataset(string what, string remedy, CheckpointHead head, string datasetHash, IReadOnlyList<string> identities)
    {
        if (head.Identities.Count != identities.Count)
        {
            throw new CheckpointException(
                $"{what} was trained on other identities: {head.Identities.Count} of data set '{head.Spec.Dataset}', while this run has {identities.Count}; {remedy}");
        }

        for (var label = 0; label < identities.Count; label++)
        {
            if (head.Identities[label] != identities[label])
            {
                throw new CheckpointException(
                    $"{what} was trained on other identities: label {label} is '{head.Identities[label]}' of data set '{head.Spec.Dataset}' there and '{identities[label]}' here; {remedy}");
            }
        }

        if (head.DatasetHash != datasetHash)
        {
            throw new CheckpointException(
                $"{what} was trained on other identities: its data set '{head.Spec.Dataset}' had the content {head.DatasetHash}, this run's has {datasetHash}, so equal names need not mean the same beings; {remedy}");
        }
    }

    private static void Fill(Stream stream, SafetensorsHeader header, IReadOnlyList<(string Name, Tensor Value)> targets, Action<string> onUnknown)
    {
        var byName = targets.ToDictionary(target => target.Name, target => target.Value, StringComparer.Ordinal);
        foreach (var entry in header.Entries.Where(entry => !byName.ContainsKey(entry.Name)))
        {
            onUnknown(entry.Name);
        }

        var entries = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        foreach (var (name, target) in targets)
        {
            if (!entries.TryGetValue(name, out var entry))
            {
                throw new CheckpointException($"the checkpoint lacks '{name}'");
            }

            if (entry.Type != Safetensors.TypeOf(name, target) || !entry.Shape.SequenceEqual(target.shape))
            {
                throw new CheckpointException(
                    $"'{name}' is {entry.Type.Name()} [{string.Join(", ", entry.Shape)}] in the checkpoint and {Safetensors.TypeOf(name, target).Name()} [{string.Join(", ", target.shape)}] here");
            }
        }

        using var frozen = no_grad();
        foreach (var (entry, value) in Safetensors.ReadTensors(stream, header, byName.ContainsKey))
        {
            using (value)
            {
                byName[entry.Name].copy_(value);
            }
        }
    }

    /// <summary>The first place at which two specs differ, in words; null where they are equal.</summary>
    private static string? FirstDifference(string path, JsonNode? theirs, JsonNode? ours)
    {
        switch (theirs, ours)
        {
            case (JsonObject a, JsonObject b):
                return a.Select(pair => pair.Key).Union(b.Select(pair => pair.Key))
                    .Select(key => FirstDifference($"{path}.{key}", a[key], b[key])).FirstOrDefault(difference => difference is not null);
            case (JsonArray a, JsonArray b) when a.Count == b.Count:
                return a.Select((_, i) => FirstDifference($"{path}[{i}]", a[i], b[i])).FirstOrDefault(difference => difference is not null);
            default:
                return JsonNode.DeepEquals(theirs, ours) ? null : $"{path} is {Text(theirs)} there and {Text(ours)} here";
        }

        static string Text(JsonNode? node) => node?.ToJsonString() ?? "absent";
    }
}
