using ReidCloud.Cli.Api;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Weights;

namespace ReidCloud.Cli.Progress;

/// <summary>Fetches a run's result or pushed weights and writes them as a state dict with the reference's names.</summary>
internal sealed class WeightsExport(ReidClient client, Terminal terminal)
{
    /// <param name="source">A run's id, or the name of weights.</param>
    /// <returns>How many tensors were written.</returns>
    public async Task<int> ExportAsync(string source, string output, CancellationToken cancellationToken)
    {
        var ending = StateDictFile.Endings.FirstOrDefault(ending => output.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            ?? throw CommandException.Mistake($"'{output}' does not end in one of: {string.Join(", ", StateDictFile.Endings)}", "the ending says which format is meant");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output))))
        {
            throw CommandException.Mistake($"the folder of '{output}' does not exist", "make it first");
        }

        var folder = Directory.CreateTempSubdirectory("reid-export-").FullName;
        try
        {
            return await WriteAsync(source, ending, output, folder, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<int> WriteAsync(string source, string ending, string output, string folder, CancellationToken cancellationToken)
    {
        var isRun = RunId.TryParse(source, out var run);
        var (file, address) = isRun ? await ResultAsync(run, cancellationToken) : await PushedAsync(source, cancellationToken);
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        await Bars.BytesAsync(terminal, $"Fetching {source}", file.Length, async arrived =>
        {
            await new FileDownload(http, address).SaveAsync(file, folder, arrived, cancellationToken);
            return file.Length;
        });
        await using var content = File.OpenRead(Path.Combine(folder, file.Name));
        var entries = isRun ? Checkpoint.FindResult(content) : WeightsManifest.Of(content, source, file.Sha256, null, null, default).Entries;
        var part = $"{output}.part";
        await using (var written = File.Create(part))
        {
            StateDictFile.Write(ending, written, content, entries);
        }

        File.Move(part, output, overwrite: true);
        return entries.Count;
    }

    private async Task<(RunFileView File, Func<CancellationToken, Task<Uri>> Address)> ResultAsync(RunId run, CancellationToken cancellationToken)
    {
        var file = (await client.FilesAsync(run, cancellationToken)).FirstOrDefault(file => file.Name == RunFileName.Checkpoint)
            ?? throw CommandException.Mistake($"run {run} left no checkpoint", "export a run of kind 'train', or the weights that it measured by their name");
        return (file, token => client.FileAddressAsync(run, file.Name, token));
    }

    /// <summary>Under a name of our own: theirs comes from afar, and becomes a path here.</summary>
    private async Task<(RunFileView File, Func<CancellationToken, Task<Uri>> Address)> PushedAsync(string name, CancellationToken cancellationToken)
    {
        var weights = await client.WeightsAsync(name, cancellationToken);
        return (new RunFileView("weights", weights.Length, weights.Sha256, ""), token => client.WeightsAddressAsync(name, token));
    }
}
