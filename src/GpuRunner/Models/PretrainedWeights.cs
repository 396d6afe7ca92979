using ReidCloud.Specs;
using ReidCloud.Weights;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// Networks from pushed weights, and backbones that start from those of another network. Numbers of any width become float32, strides are followed; what
/// the weights lack keeps the random start that it has.
/// </summary>
internal static class PretrainedWeights
{
    private const int MostNamed = 4;

    /// <summary>Attention and heads that weights lack are drawn from here, so that the same weights are the same network everywhere.</summary>
    private const long Seed = 0;

    /// <summary>The network of pushed weights: on the CPU, in evaluation mode. The caller disposes it.</summary>
    /// <param name="file">The file that the manifest was made of.</param>
    /// <exception cref="CheckpointException">Its numbers cannot be used.</exception>
    public static TrainedModel Load(WeightsManifest manifest, Stream file)
    {
        var model = ReidModel.Of(manifest.Model, manifest.Identities ?? 1);
        try
        {
            WeightInit.Draw(model, Seed, "pushed");
            Fill(model, manifest.Entries, file);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        model.eval();
        return new TrainedModel(model, null) { HasHead = manifest.Identities is not null, Missing = manifest.Missing };
    }

    /// <summary>
    /// Copies the backbone's entries that the source has into <paramref name="target"/>, of them only those that <paramref name="which"/> accepts by the
    /// whole name, and never the head. Each branch of a network of several views starts so. Networks with attention start from ones without, as VKD's do from ImageNet.
    /// </summary>
    /// <returns>What a reader of the run's report must know: which entries were not there and start as they were drawn.</returns>
    /// <exception cref="CheckpointException">The source has another backbone.</exception>
    public static IReadOnlyList<string> CopyBackbone(TrainedModel source, ReidModel target, Func<string, bool>? which = null)
    {
        if (!StartRules.CanStart(target.Spec.Backbone, source.Model.Spec.Backbone))
        {
            throw new CheckpointException(
                $"they are of {Name(source.Model.Spec)}, while this run's network is {Name(target.Spec)}; name weights of that, or let it start without");
        }

        if (source.Model.Spec.MultiView is not null && target.Spec.MultiView is null)
        {
            throw new CheckpointException($"they are a network of several views, while this run's network has one {Name(target.Spec)}; name weights of that alone, or let it start without");
        }

        using var frozen = no_grad();
        var missing = source.Missing.ToHashSet(StringComparer.Ordinal);
        var there = source.Model.State().Where(entry => !missing.Contains(entry.Name)).ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        var kept = new List<string>();
        foreach (var (name, value) in target.State().Where(entry => target.InBackbone(entry.Name) is not null && (which?.Invoke(entry.Name) ?? true)))
        {
            if (there.TryGetValue(name, out var known) || there.TryGetValue(target.InBackbone(name)!, out known))
            {
                value.copy_(known);
            }
            else if (value.is_floating_point())
            {
                kept.Add(name);
            }
        }

        return kept.Count == 0
            ? []
            : [$"{kept.Count} tensors of the backbone are not in the weights it starts from and start at random: {string.Join(", ", kept.Take(MostNamed))}{(kept.Count > MostNamed ? ", …" : "")}"];
    }

    private static void Fill(ReidModel model, IReadOnlyList<WeightsEntry> entries, Stream file)
    {
        using var frozen = no_grad();
        var targets = model.State().ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        foreach (var (name, source) in entries)
        {
            var target = targets[name];
            if (!target.shape.SequenceEqual(source.Shape))
            {
                throw new CheckpointException($"'{source.Name}' is {source.ShapeText} where '{name}' is [{string.Join(", ", target.shape)}]; push the weights again under another name");
            }

            try
            {
                Copy(file, source, target);
            }
            catch (WeightsException fault)
            {
                throw new CheckpointException(fault.Message, fault);
            }
        }
    }

    private static void Copy(Stream file, StoredTensor source, Tensor target)
    {
        if (!target.is_floating_point())
        {
            target.fill_(TensorBytes.ReadIntegers(file, source)[0]);
            return;
        }

        using var value = tensor(TensorBytes.ReadFloats(file, source), target.shape);
        target.copy_(value);
    }

    private static string Name(ModelSpec model) => NameConverterFactory.NameOf(model.Backbone);
}
