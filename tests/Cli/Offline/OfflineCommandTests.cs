using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using ReidCloud.Cli.Offline;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Cli.Offline;

/// <summary>`reid embed` and `reid rank`: everything from files, nothing that answers on a port.</summary>
[Collection(TorchCollection.Name)]
public sealed class OfflineCommandTests : IDisposable
{
    private const string Nowhere = "http://127.0.0.1:9";
    private readonly string _folder = Directory.CreateTempSubdirectory("reid offline ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Images_of_a_zip_a_folder_and_single_files_become_the_same_embeddings_in_every_format()
    {
        var zip = Save("tiny.zip", TinyDataset.Zip(identities: 2, frames: 1));
        var images = Path.Combine(_folder, "as a folder");
        ZipFile.ExtractToDirectory(zip, images);
        var checkpoint = Save("checkpoint.safetensors", CheckpointBytes());
        var names = Directory.EnumerateFiles(images, "*.*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(images, file).Replace('\\', '/'))
            .Where(name => !name.EndsWith(".csv", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();

        var zipped = await EmbedAsync("zip.safetensors", checkpoint, zip);
        var loose = await EmbedAsync("folder.npy", checkpoint, images);
        var single = await EmbedAsync("files.csv", checkpoint, [.. names.Take(2).Select(name => Path.Combine(images, name))]);
        var again = await EmbedAsync("again.safetensors", checkpoint, zip);

        Assert.Equal(names, zipped.Names);
        Assert.Equal(names, loose.Names);
        Assert.Equal(zipped.Values_ND, loose.Values_ND);
        Assert.Equal(1280, zipped.Dimensions);
        Assert.Equal(2, single.Names.Count);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "zip.safetensors")), File.ReadAllBytes(Path.Combine(_folder, "again.safetensors")));
        Assert.Equal(again.Values_ND, zipped.Values_ND);
        foreach (var (row, value) in single.Values_ND.Chunk(1280).Index())
        {
            // Another batch may round otherwise.
            Assert.All(value.Zip(zipped.Values_ND.Skip(row * 1280)), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
        }
    }

    [Fact]
    public async Task Weights_need_to_be_told_what_the_network_sees()
    {
        var weights = Save("weights.safetensors", NetworkFiles.Reference(BackboneName.MobileNet, 2).Bytes());
        var zip = Save("tiny.zip", TinyDataset.Zip(identities: 2, frames: 1));
        var output = Path.Combine(_folder, "out.npy");

        var untold = await ReidAsync("embed", "--weights", weights, "--images", zip, "--output", output);
        var told = await ReidAsync("embed", "--weights", weights, "--images", zip, "--output", output, "--input", "32x16", "--letterbox", "--json");

        Assert.Equal(2, untold.ExitCode);
        Assert.Contains("--input 256x128", untold.Error, StringComparison.Ordinal);
        Assert.True(told.ExitCode == 0, told.Error);
        var said = JsonElement.Parse(told.Output);
        Assert.Equal((1280, "letterbox"), (said.GetProperty("dimensions").GetInt32(), said.GetProperty("input").GetProperty("fit").GetString()));

        var inFull = await ReidAsync("embed", "--weights", weights, "--images", zip, "--output", output, "--input", """{"height":32,"width":16,"filter":"open-cv-bilinear"}""", "--json");
        var mistyped = await ReidAsync("embed", "--weights", weights, "--images", zip, "--output", output, "--input", """{"height":32,"filter":"opencv"}""");

        Assert.True(inFull.ExitCode == 0, inFull.Error);
        Assert.Equal("open-cv-bilinear", JsonElement.Parse(inFull.Output).GetProperty("input").GetProperty("filter").GetString());
        Assert.Equal(2, mistyped.ExitCode);
        Assert.Contains("$.filter", mistyped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_embedded_is_refused_before_a_file_is_written()
    {
        var checkpoint = Save("checkpoint.safetensors", CheckpointBytes());
        var broken = Save("broken/a.jpg", "no picture"u8.ToArray());
        var zip = Save("broken.zip", "PK no zip"u8.ToArray());
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));

        await RefusedAsync("there is no file", "--weights", "nothing.pth", "--images", broken);
        await RefusedAsync("image 'a.jpg'", "--weights", checkpoint, "--images", broken);
        await RefusedAsync("broken.zip", "--weights", checkpoint, "--images", zip);
        await RefusedAsync("there is no image in", "--weights", checkpoint, "--images", Path.Combine(_folder, "empty"));
        await RefusedAsync("there is neither a file nor a folder", "--weights", checkpoint, "--images", "nowhere");
        await RefusedAsync("is neither safetensors nor a file of torch.save", "--weights", broken, "--images", broken);
        await RefusedAsync("--backbone has no effect", "--weights", checkpoint, "--images", broken, "--backbone", "resnet18");
        await RefusedAsync("'tpu' is none of auto", "--weights", checkpoint, "--images", broken, "--device", "tpu");
        Assert.Empty(Directory.EnumerateFiles(_folder, "out*"));

        async Task RefusedAsync(string complaint, params string[] arguments)
        {
            var said = await ReidAsync(["embed", .. arguments, "--output", Path.Combine(_folder, "out.npy")]);
            Assert.True(said.ExitCode == 2, said.Error);
            Assert.Contains(complaint, said.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", said.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>Every figure by hand: the query's match of another camera ranks second, behind somebody else; the one of its own camera is junk.</summary>
    [Fact]
    public async Task A_ranking_by_names_of_Market_1501_is_measured_without_junk()
    {
        var query = Embeddings("query.npy", ("0001_c1s1_000001_00.jpg", 0));
        var gallery = Embeddings(
            "gallery.csv", ("0001_c1s1_000002_00.jpg", 1), ("0002_c2s1_000001_00.jpg", 5), ("0001_c2s1_000003_00.jpg", 10), ("0000_c3s1_000001_00.jpg", 20), ("-1_c3s1_000001_00.jpg", 2));
        var table = Path.Combine(_folder, "ranking.csv");

        var said = await ReidAsync("rank", "--query", query, "--gallery", gallery, "--output", table, "--json");

        Assert.True(said.ExitCode == 0, said.Error);
        var metrics = Assert.Single(JsonElement.Parse(said.Output).GetProperty("metrics").EnumerateArray());
        Assert.Equal((0.0, 1.0, 0.5, 4), (
            metrics.GetProperty("rank1").GetDouble(), metrics.GetProperty("rank5").GetDouble(), metrics.GetProperty("mapStandard").GetDouble(), metrics.GetProperty("gallery").GetInt32()));
        var lines = File.ReadAllLines(table);
        Assert.Equal("query,rank,item,distance,match", lines[0]);
        Assert.Equal(
            ["1,0002_c2s1_000001_00.jpg,no", "2,0001_c2s1_000003_00.jpg,yes", "3,0000_c3s1_000001_00.jpg,no"],
            lines.Skip(1).Select(line => line.Split(',')).Select(fields => $"{fields[1]},{fields[2]},{fields[4]}"));
    }

    [Fact]
    public async Task A_table_says_who_is_who_and_atrw_asks_it_when()
    {
        var items = Embeddings("items.safetensors", ("a", 0), ("b", 3), ("c", 6), ("d", 30));
        var ids = Save("ids.csv", "name,identity,camera,time\na,one,x,0\nb,one,x,2\nc,one,x,90\nd,distractor,y,5\n"u8.ToArray());
        var untimed = Save("untimed.csv", "name,identity,camera\na,one,x\nb,one,x\nc,one,x\nd,distractor,y\n"u8.ToArray());

        var cross = await ReidAsync("rank", "--query", items, "--gallery", items, "--ids", ids, "--metric", "euclidean", "--json");
        var atrw = await ReidAsync("rank", "--query", items, "--gallery", items, "--ids", ids, "--protocol", "atrw", "--top", "1", "--json");
        var refused = await ReidAsync("rank", "--query", items, "--gallery", items, "--ids", untimed, "--protocol", "atrw");

        Assert.Equal(0, JsonElement.Parse(cross.Output).GetProperty("metrics")[0].GetProperty("queriesWithMatch").GetInt32());
        Assert.Equal(3, JsonElement.Parse(atrw.Output).GetProperty("metrics")[0].GetProperty("queriesWithMatch").GetInt32());
        Assert.Contains(JsonElement.Parse(atrw.Output).GetProperty("nearest").EnumerateArray(), found =>
            found.GetProperty("query").GetString() == "a" && found.GetProperty("item").GetString() == "c" && found.GetProperty("isMatch").GetBoolean());
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("a column 'time'", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>By hand: a finds b second, behind c, and itself never, since items of one name are one picture; d finds nobody.</summary>
    [Fact]
    public async Task Without_cameras_every_other_picture_of_the_same_identity_is_a_match()
    {
        var items = Embeddings("items.csv", ("a", 0), ("b", 10), ("c", 4), ("d", 30));
        var ids = Save("ids.csv", "name,identity\na,one\nb,one\nc,two\nd,three\n"u8.ToArray());

        var said = await ReidAsync("rank", "--query", items, "--gallery", items, "--ids", ids, "--protocol", "camera-less", "--metric", "euclidean", "--json");

        Assert.True(said.ExitCode == 0, said.Error);
        var metrics = JsonElement.Parse(said.Output).GetProperty("metrics")[0];
        Assert.Equal((2, 0.0, 0.5), (metrics.GetProperty("queriesWithMatch").GetInt32(), metrics.GetProperty("rank1").GetDouble(), metrics.GetProperty("mapStandard").GetDouble()));
    }

    [Fact]
    public async Task A_ranking_can_be_measured_and_listed_expanded_and_re_ranked()
    {
        var items = Embeddings("items.csv", [.. Enumerable.Range(0, 12).Select(item => ($"{item}", (float)(7 * item % 60)))]);
        var ids = Save("ids.csv", System.Text.Encoding.UTF8.GetBytes("name,identity\n" + string.Concat(Enumerable.Range(0, 12).Select(item => $"{item},{item % 4}\n"))));
        string[] rank = ["rank", "--query", items, "--gallery", items, "--ids", ids, "--protocol", "camera-less"];

        var said = await ReidAsync([.. rank, "--re-ranking", "--k1", "4", "--k2", "2", "--query-expansion", "3", "--false-positive-rates", "0.1,0.5", "--json"]);
        var idle = await ReidAsync([.. rank, "--k1", "4"]);
        var wrong = await ReidAsync([.. rank, "--re-ranking", "--lambda", "1"]);

        Assert.True(said.ExitCode == 0, said.Error);
        var metrics = JsonElement.Parse(said.Output).GetProperty("metrics").EnumerateArray().ToList();
        bool Has(JsonElement figures, string what) => figures.TryGetProperty("variant", out var variant) && variant.GetProperty(what).GetBoolean();
        Assert.Equal([(false, false), (true, false), (false, true), (true, true)], metrics.Select(figures => (Has(figures, "queryExpansion"), Has(figures, "reRanked"))));
        Assert.All(metrics, figures => Assert.Equal(2, figures.GetProperty("roc").GetArrayLength()));
        Assert.Contains("--k1 has no effect without --re-ranking", idle.Error, StringComparison.Ordinal);
        Assert.Contains("$.evaluation.reRanking.lambda", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_is_known_there_is_a_ranking_and_no_figure()
    {
        var items = Embeddings("items.npy", ("a", 0), ("b", 3), ("c", 60));

        var said = await ReidAsync("rank", "--query", items, "--gallery", items, "--top", "2");

        Assert.True(said.ExitCode == 0, said.Error);
        Assert.Contains("It is not known who is who", said.Error, StringComparison.Ordinal);
        Assert.Matches("│ a +│ 1 +│ a +│ 0", said.Output);
        Assert.Matches("│ c +│ 2 +│ b ", said.Output);
        Assert.DoesNotContain("mAP", said.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name,camera\na,1\n", "first line names other columns")]
    [InlineData("name,identity\na,1\n", "--protocol camera-less measures without cameras")]
    [InlineData("name,identity,camera\na,1\n", "line 2 has 2 fields")]
    [InlineData("name,identity,camera\na,,x\n", "line 2: identity is empty")]
    [InlineData("name,identity,camera\na,1,x\na,1,x\n", "line 3: 'a' is there twice")]
    [InlineData("name,identity,camera,time\na,1,x,noon\n", "time 'noon' is no whole number")]
    [InlineData("name,identity,camera\nb,1,x\n", "says nothing of 'a'")]
    public async Task A_table_that_cannot_be_used_is_refused_with_its_line(string table, string complaint)
    {
        var items = Embeddings("items.npy", ("a", 0));

        var said = await ReidAsync("rank", "--query", items, "--gallery", items, "--ids", Save("ids.csv", System.Text.Encoding.UTF8.GetBytes(table)));

        Assert.Equal(2, said.ExitCode);
        Assert.Contains(complaint, said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embeddings_of_two_networks_are_not_ranked_together()
    {
        var two = Embeddings("two.npy", ("a", 0));
        var three = Path.Combine(_folder, "three.npy");
        EmbeddingFile.Write(three, new NamedEmbeddings(["a"], 3, [1, 2, 3]));

        var said = await ReidAsync("rank", "--query", two, "--gallery", three);

        Assert.Equal(2, said.ExitCode);
        Assert.Contains("embed both with the same network", said.Error, StringComparison.Ordinal);
    }

    /// <summary>Points on a circle, by their angle in degrees.</summary>
    private string Embeddings(string name, params (string Name, double Degrees)[] items)
    {
        var path = Path.Combine(_folder, name);
        EmbeddingFile.Write(path, new NamedEmbeddings(
            [.. items.Select(item => item.Name)], 2, [.. items.SelectMany(item => new[] { (float)Math.Cos(item.Degrees * Math.PI / 180), (float)Math.Sin(item.Degrees * Math.PI / 180) })]));
        return path;
    }

    private async Task<NamedEmbeddings> EmbedAsync(string output, string checkpoint, params string[] images)
    {
        var path = Path.Combine(_folder, output);
        var said = await ReidAsync(["embed", "--weights", checkpoint, "--output", path, "--device", "cpu", "--images", .. images]);
        Assert.True(said.ExitCode == 0, said.Error);
        Assert.Contains("embeddings of 1280 numbers", said.Output, StringComparison.Ordinal);
        return EmbeddingFile.Read(path);
    }

    private static byte[] CheckpointBytes()
    {
        using var model = ReidModel.Of(TinySpecs.Light.Model, 2);
        using (no_grad())
        {
            WeightInit.Draw(model, 1, "model");
        }

        using var file = new MemoryStream();
        Checkpoint.Write(file, new CheckpointHead(TinySpecs.Light, "hash", ["p", "q"], "model", 1, 0), [.. Checkpoint.Entries("model", model)]);
        return file.ToArray();
    }

    private string Save(string name, byte[] bytes)
    {
        var file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        return file;
    }

    private static Task<CommandLine> ReidAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--url", Nowhere]);
}
