using System.Net;
using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

/// <summary>Whatever a name is made of, one that is accepted stays below its prefix, also for those who decode or normalize it on the way; the others are refused.</summary>
public sealed class HostileNamesTests(AzuriteFixture azurite)
{
    private const int Tries = 200_000;

    /// <summary>What names that reach elsewhere are made of, and what ordinary ones are.</summary>
    private static readonly string[] Pieces =
    [
        "a", "b1", "0", "-", "_", ".", "..", "...", "/", "//", "\\", "%2e", "%2E%2e", "%2f", "%5c", "%00", "\0", "\n", "\u2024", "\uFF0E", "\u2025", "\u2215", "\uFF0F", "\u29F8", "\u202E", "\uD800", "\u0301",
        " ", "~", ":", "*", "?", "#", "&", "=", "'", "\"", "<", "$logs", "CON", "uploads", "status.json", "commit.json", "é", "ß", new string('a', 60), new string('x', 300),
    ];

    private static readonly string[] Names =
    [
        "", " ", ".", "..", "../x", "a/../b", "a/..", "./a", "%2e%2e", "%2e%2e%2fx", "..%2fx", "..\\x", "a\\b", "a\0b", "\0", "a\nb", "\u2024\u2024/x", "\uFF0E\uFF0E", "a/\uFF0E\uFF0E/b", "a.", "a/b.", "a/b./c", "/a", "a//b", "a/", "\u2025/x",
        "C:/x", "\u202Egnp.exe", "a\uD800", new string('a', 300) + "/../../x",
    ];

    [Fact]
    public void Names_of_data_sets_weights_runs_and_their_files_that_would_reach_elsewhere_are_refused() => Assert.All(Names, name =>
    {
        Assert.False(DatasetName.IsValid(name));
        Assert.False(RunId.TryParse(name, out _));
        Assert.False(RunFileName.IsValid(name));
    });

    [Fact]
    public void Names_of_uploaded_files_that_would_reach_elsewhere_are_refused() => Assert.All(Names, name =>
    {
        Assert.True(DatasetName.FaultOfFile(name) is not null || name == " ");
        Assert.NotNull(DatasetName.FaultOfFile($"a/{name}/../b"));
    });

    /// <summary>Names as a client sends them escaped; dots alone are taken away by any server before somebody sees them.</summary>
    [Fact]
    public async Task The_interface_answers_them_with_400_or_404_and_never_with_a_blob()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        foreach (var name in Names.Where(name => name.Trim('.').Length > 0 && !name.Contains('\uD800', StringComparison.Ordinal)))
        {
            var escaped = Uri.EscapeDataString(name);
            foreach (var (method, path) in new[]
            {
                (HttpMethod.Get, $"runs/{escaped}"), (HttpMethod.Post, $"runs/{escaped}/retry"), (HttpMethod.Delete, $"runs/{escaped}"), (HttpMethod.Get, $"runs/{escaped}/events"),
                (HttpMethod.Get, $"runs/00000000000000000000/files/{escaped}"), (HttpMethod.Get, $"datasets/{escaped}"), (HttpMethod.Put, $"datasets/{escaped}"), (HttpMethod.Post, $"datasets/{escaped}/uploads"),
                (HttpMethod.Get, $"weights/{escaped}"), (HttpMethod.Get, $"weights/{escaped}/file"), (HttpMethod.Post, $"weights/{escaped}/uploads"),
            })
            {
                var address = new Uri($"{api.Address}api/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
                using var request = new HttpRequestMessage(method, address) { Content = method == HttpMethod.Post ? new StringContent("""{"file":"a"}""", null, "application/json") : null };
                using var answer = await api.Client.SendAsync(request);
                Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed, $"{method} {path}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public void An_accepted_name_stays_below_its_prefix_for_all_who_decode_or_normalize_it()
    {
        var random = new Random(20);
        var (sets, files, left) = (0, 0, 0);
        for (var i = 0; i < Tries; i++)
        {
            var name = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            if (DatasetName.IsValid(name))
            {
                sets++;
                Assert.Matches(@"\A[a-z0-9-]{2,63}\z", name);
                Stays(RunPaths.Manifest(name), $"{name}/");
            }

            if (DatasetName.FaultOfFile(name) is null)
            {
                files++;
                Assert.True(name.Length <= 512);
                Stays(RunPaths.Upload("mine", name), RunPaths.Uploads("mine"));
            }

            if (RunFileName.IsValid(name))
            {
                left++;
                Stays(RunPaths.File(RunId.Parse("00000000000000000000"), 1, name), RunPaths.Attempt(RunId.Parse("00000000000000000000"), 1) + "files/");
            }
        }

        Assert.True(sets > 100 && files > 100 && left > 100, $"{sets}, {files}, {left}");
    }

    private static void Stays(string blob, string prefix)
    {
        Assert.StartsWith(prefix, blob, StringComparison.Ordinal);
        var decoded = Uri.UnescapeDataString(blob);
        foreach (var form in new[] { blob, decoded, Uri.UnescapeDataString(decoded), Normalized(blob), Normalized(decoded) })
        {
            Assert.StartsWith("/root/" + prefix, Path.GetFullPath(Path.Combine("/root", form.Replace('\\', '/'))) + "/", StringComparison.Ordinal);
            Assert.StartsWith($"/c/{prefix}", Uri.UnescapeDataString(new Uri($"http://h/c/{Uri.EscapeDataString(form).Replace("%2F", "/", StringComparison.Ordinal)}").AbsolutePath), StringComparison.Ordinal);
        }
    }

    /// <summary>As a system that folds compatible characters would have it: ․ and ． become dots.</summary>
    private static string Normalized(string text) => text
        .Replace("\u2025", "..", StringComparison.Ordinal).Replace('\u2024', '.').Replace('\uFF0E', '.').Replace('\uFF0F', '/').Replace('\uFF3C', '\\');
}
