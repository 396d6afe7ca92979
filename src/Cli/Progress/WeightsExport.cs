using ReidCloud.Cli.Api;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Cli.Progress;

/// <summary>Fetches a run's result or pushed weights and writes them as a state dict, under the names of the program that computes the same network.</summary>
internal sealed class WeightsExport(ReidClient client, Terminal terminal)
{
    /// <param name="output">What is not there yet.</param>
    /// <returns>How many tensors were written.</returns>
    public async Task<int> ExportAsync(CheckpointRef checkpoint, string output, CancellationToken cancellationToken)
    {
        var ending = StateDictFile.Endings.FirstOrDefault(ending => output.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            ?? throw CommandException.Mistake($"'{output}' does not end in one of: {string.Join(", ", StateDictFile.Endings)}", "the ending says which format is meant; ONNX is made, and checked, by `./reid export`");
        if (Path.Exists(output))
        {
            throw CommandException.Mistake($"there is '{output}' already", "remove it first, or write to another file");
        }

        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output))))
        {
            throw CommandException.Mistake($"the folder of '{output}' does not exist", "make it first");
        }

        var folder = Directory.CreateTempSubdirectory("reid-export-").FullName;
        try
        {
            return await WriteAsync(checkpoint, ending, output, folder, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<int> WriteAsync(CheckpointRef checkpoint, string ending, string output, string folder, CancellationToken cancellationToken)
    {
        var source = checkpoint.Run is { } run ? await ResultAsync(RunId.Parse(run), checkpoint.Peer, cancellationToken) : await PushedAsync(checkpoint.Weights!, cancellationToken);
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        await Bars.BytesAsync(terminal, $"Fetching {checkpoint}", source.File.Length, async arrived =>
        {
            await new FileDownload(http, source.Address).SaveAsync(source.File, folder, arrived, cancellationToken);
            return source.File.Length;
        });
        await using var content = File.OpenRead(Path.Combine(folder, source.File.Name));
        var entries = source.Find(content);
        var part = $"{output}.part";
        try
        {
            await using (var written = File.Create(part))
            {
                StateDictFile.Write(ending, written, content, entries);
            }

            File.Move(part, output);
        }
        finally
        {
            File.Delete(part);
        }

        return entries.Count;
    }

    private async Task<Source> ResultAsync(RunId run, int? peer, CancellationToken cancellationToken)
    {
        var file = (await client.FilesAsync(run, cancellationToken)).FirstOrDefault(file => file.Name == RunFileName.Checkpoint)
            ?? throw CommandException.Mistake($"run {run} left no checkpoint", "export a run of kind 'train', or the weights that it measured by their name");
        return new Source(file, token => client.FileAddressAsync(run, file.Name, token), content =>
        {
            try
            {
                return Checkpoint.FindResult(content, peer);
            }
            catch (CheckpointException fault)
            {
                throw CommandException.Fault($"run {run}: {fault.Message}", "another version of ReidCloud may have written it: export it with that");
            }
        });
    }

    /// <summary>Under a name of our own: theirs comes from afar, and becomes a path here.</summary>
    private async Task<Source> PushedAsync(string name, CancellationToken cancellationToken)
    {
        var weights = await client.WeightsAsync(name, cancellationToken);
        return new Source(
            new RunFileView("weights", weights.Length, weights.Sha256, ""),
            token => client.WeightsAddressAsync(name, token),
            content =>
            {
                var manifest = WeightsManifest.Of(content, name, weights.Sha256, weights.Model.Backbone, null, weights.PushedAt);
                var names = PublicNames.Of(manifest.Model);
                return [.. manifest.Entries.Select(entry => entry with { Name = names[entry.Name] })];
            });
    }

    /// <param name="Find">Where in the file the network's entries are.</param>
    private sealed record Source(RunFileView File, Func<CancellationToken, Task<Uri>> Address, Func<Stream, IReadOnlyList<WeightsEntry>> Find);
}
