using ReidCloud.Cli.Api;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Progress;

/// <summary>Makes a data set of archives or a folder: upload in blocks past the API, then the commit of just these files; or of what is there. Waits for it.</summary>
internal sealed class DatasetPush(ReidClient client, Terminal terminal)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public async Task<DatasetView> PushAsync(string path, string name, string? layout, string? variant, CancellationToken cancellationToken)
    {
        var files = PushedFiles.Of(path);
        foreach (var file in files)
        {
            await file.ReadAsync(content => UploadAsync(content, file, name, cancellationToken), cancellationToken);
        }

        return await CommitAsync(name, new CommitRequest(layout) { Variant = variant, Files = [.. files.Select(file => file.Name)] }, cancellationToken);
    }

    public Task<DatasetView> CommitAsync(string name, CommitRequest asked, CancellationToken cancellationToken) =>
        Bars.WaitAsync(terminal, "Reading and checking it", async bar =>
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var committing = client.CommitAsync(name, asked, cancellationToken);
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

    private async Task UploadAsync(Stream content, PushedFile file, string dataset, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        var upload = new BlobUpload(http, async token => (await client.OfferUploadAsync(dataset, file.Name, token)).Url);
        await Bars.BytesAsync(terminal, $"Uploading {file.Name}", file.Length, sent => upload.SendAsync(content, sent, cancellationToken));
    }
}
