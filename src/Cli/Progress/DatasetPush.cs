using ReidCloud.Cli.Api;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Progress;

/// <summary>Makes a data set of a .zip or a folder: upload in blocks past the API, then the commit, waited for.</summary>
internal sealed class DatasetPush(ReidClient client, Terminal terminal)
{
    private const string Zip = ".zip";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public async Task<DatasetView> PushAsync(string path, string name, string? layout, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            await UploadAsync(FolderArchive.Of(path), name, $"{Path.GetFileName(Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar))}{Zip}", cancellationToken);
        }
        else if (File.Exists(path) && Path.GetExtension(path).Equals(Zip, StringComparison.OrdinalIgnoreCase))
        {
            await using var file = File.OpenRead(path);
            await UploadAsync(file, file.Length, name, Path.GetFileName(path), cancellationToken);
        }
        else
        {
            throw CommandException.Mistake(
                File.Exists(path) ? $"'{path}' is no .zip" : $"there is no file or folder '{path}'",
                "a data set is pushed as the .zip its authors publish, or as a folder");
        }

        return await CommitAsync(name, layout, cancellationToken);
    }

    private Task UploadAsync(FolderArchive archive, string dataset, string file, CancellationToken cancellationToken) =>
        archive.ReadAsync(stream => UploadAsync(stream, archive.Length, dataset, file, cancellationToken), cancellationToken);

    private async Task UploadAsync(Stream content, long length, string dataset, string file, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        var upload = new BlobUpload(http, async token => (await client.OfferUploadAsync(dataset, file, token)).Url);
        await Bars.BytesAsync(terminal, $"Uploading {file}", length, sent => upload.SendAsync(content, sent, cancellationToken));
    }

    private Task<DatasetView> CommitAsync(string name, string? layout, CancellationToken cancellationToken) =>
        Bars.WaitAsync(terminal, "Reading and checking it", async bar =>
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var committing = client.CommitAsync(name, layout, cancellationToken);
            while (await Task.WhenAny(committing, Task.Delay(Interval, cancellationToken)) != committing)
            {
                bar.Show(null, Words.Duration(clock.Elapsed));
            }

            var view = await committing;
            while (view.State == DatasetState.Committing)
            {
                await Task.Delay(Interval, cancellationToken);
                view = await client.DatasetAsync(name, cancellationToken);
                bar.Show(
                    view.Progress is { Total: > 0 } at ? (double)at.Done / at.Total : null,
                    view.Progress is { } step ? $"{step.Step}, {step.Done} of {step.Total}" : Words.Duration(clock.Elapsed));
            }

            return view;
        });
}
