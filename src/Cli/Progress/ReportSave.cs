using ReidCloud.Cli.Api;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Progress;

/// <summary>Copies a run's report and the files that it lists into a folder. Checkpoints are not among them: they are large, and runs name theirs by their id.</summary>
internal sealed class ReportSave(ReidClient client, Terminal terminal)
{
    /// <summary>Returns how many files there are now.</summary>
    public async Task<int> SaveAsync(RunId run, MetricReport report, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, RunFileName.Report), ReidJson.Write(report), cancellationToken);
        var files = (await client.FilesAsync(run, cancellationToken)).Where(file => file.Name is not (RunFileName.Checkpoint or RunFileName.Best)).ToList();

        // Names come from afar, and become paths here.
        if (files.FirstOrDefault(file => !RunFileName.IsValid(file.Name) || file.Name == RunFileName.Report) is { } foul)
        {
            throw CommandException.Fault($"the run has a file '{foul.Name}', which is no name to save it under: it {RunFileName.Rule}");
        }

        if (files.Count > 0)
        {
            await Bars.BytesAsync(
                terminal, files is [var only] ? $"Saving {only.Name}" : $"Saving {files.Count} files", files.Sum(file => file.Length),
                arrived => SaveAsync(run, files, folder, arrived, cancellationToken));
        }

        return files.Count + 1;
    }

    /// <summary>Copies one of a run's files to a path; what was there is replaced once the file is whole.</summary>
    public async Task SaveOneAsync(RunId run, string name, string path, CancellationToken cancellationToken)
    {
        var file = (await client.FilesAsync(run, cancellationToken)).FirstOrDefault(file => file.Name == name) ?? throw CommandException.Mistake(
            $"run {run} has no file '{name}': it is of an earlier version", $"`./reid reproduce {run}` has it done once more, with one");
        var folder = Directory.CreateTempSubdirectory("reid-report-").FullName;
        try
        {
            await SaveAsync(run, [file], folder, _ => { }, cancellationToken);
            File.Move(Path.Combine(folder, name), path, overwrite: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<long> SaveAsync(RunId run, IReadOnlyList<RunFileView> files, string folder, Action<long> arrived, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var before = 0L;
        foreach (var file in files)
        {
            var start = before;
            var download = new FileDownload(http, token => client.FileAddressAsync(run, file.Name, token));
            await download.SaveAsync(file, folder, now => arrived(start + now), cancellationToken);
            before += file.Length;
        }

        return before;
    }
}
