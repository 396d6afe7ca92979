using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Cli.Offline;

/// <summary>A network from a file on this machine: a run's checkpoint, which tells its input, or weights as `weights push` takes them, which do not.</summary>
internal static class NetworkFile
{
    /// <param name="backbone">Which network weights must be, or null to recognise it.</param>
    /// <param name="say">Hears what of the network was not in the file.</param>
    /// <exception cref="CheckpointException">It is a checkpoint that cannot be used.</exception>
    /// <exception cref="WeightsException">It is neither a checkpoint nor weights of a network that is known.</exception>
    public static TrainedModel Load(string path, BackboneName? backbone, Action<string> say)
    {
        if (!File.Exists(path))
        {
            throw CommandException.Mistake($"there is no file '{path}'", "`./reid weights export RUN -o FILE` makes one of a run's result, and `./reid report RUN` names its checkpoint");
        }

        using var file = File.OpenRead(path);
        var isCheckpoint = Checkpoint.IsNamed(file);
        file.Position = 0;
        if (isCheckpoint)
        {
            return backbone is null
                ? Checkpoint.LoadModel(file)
                : throw CommandException.Mistake($"--backbone has no effect: '{path}' is a run's checkpoint, which says what it is", "leave it out");
        }

        var manifest = WeightsManifest.Of(file, Path.GetFileName(path), "", backbone, null, default);
        var drawn = manifest.Missing.Where(name => NetworkEntries.Of(manifest.Model).Any(entry => entry.Name == name && entry.Part == NetworkPart.Attention)).ToList();
        if (drawn.Count > 0)
        {
            say($"{drawn.Count} tensors of the network's attention are not in {path} and were drawn at random: {drawn[0]}, …");
        }

        return PretrainedWeights.Load(manifest, file);
    }
}
