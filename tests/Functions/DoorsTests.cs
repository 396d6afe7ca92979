using System.Text.RegularExpressions;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

/// <summary>How much of what strangers uploaded one process takes upon itself at a time.</summary>
public sealed partial class DoorsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly string[] Names = ["one", "two", "three", "four"];
    private FaultyStorage _storage = null!;
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _storage = await FaultyStorage.StartAsync(azurite);
        var options = await _storage.NewSystemAsync();
        _api = await ApiServer.StartAsync(azurite, ("StorageConnection", options.StorageConnection!), ("StoragePrefix", options.StoragePrefix!));
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task Whether_anything_was_uploaded_is_seen_by_one_file()
    {
        await _api.UploadAsync("mine", ApiDatasets.Zip("p", "q"));
        var lists = new List<string>();
        using var watch = _storage.Watch(request => lists.AddRange(request.Comp == "list" ? [request.ToString()] : []), _ => { });

        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine");

        Assert.Matches(OneOnly, lists[0]);
    }

    [Fact]
    public async Task Two_commits_at_a_time_list_their_uploads()
    {
        await Task.WhenAll(Names.Select(name => _api.UploadAsync(name, ApiDatasets.Zip("p", "q"))));

        Assert.InRange(await AtOnceAsync("-datasets", name => _api.JsonAsync(HttpMethod.Put, $"/api/datasets/{name}")), 1, 2);
    }

    /// <summary>Looking at a file takes its list of tensors into memory.</summary>
    [Fact]
    public async Task Two_pushes_at_a_time_look_at_their_files()
    {
        await Task.WhenAll(Names.Select(name => _api.UploadWeightsAsync(name, "no weights"u8.ToArray())));

        Assert.InRange(await AtOnceAsync("-weights", name => _api.JsonAsync(HttpMethod.Put, $"/api/weights/{name}", 422)), 1, 2);
    }

    /// <summary>The most whole lists of uploads that were asked for together, each held back for as long as others may come.</summary>
    private async Task<int> AtOnceAsync(string container, Func<string, Task> ask)
    {
        var (now, most, gate) = (0, 0, new Lock());
        using var watch = _storage.Watch(
            request =>
            {
                if (IsWhole(request))
                {
                    lock (gate)
                    {
                        most = Math.Max(most, ++now);
                    }

                    SpinWait.SpinUntil(() => Volatile.Read(ref most) > 2, TimeSpan.FromSeconds(1));
                }
            },
            request =>
            {
                lock (gate)
                {
                    now -= IsWhole(request) ? 1 : 0;
                }
            });
        await Task.WhenAll(Names.Select(ask));
        return most;

        bool IsWhole(StorageRequest request) =>
            request.Comp == "list" && request.Container.EndsWith(container, StringComparison.Ordinal) && request.ToString().Contains("/uploads/", StringComparison.Ordinal) && !OneOnly.IsMatch(request.ToString());
    }

    [GeneratedRegex("maxresults=1(?![0-9])")]
    private static partial Regex OneOnly { get; }
}
