using FsCheck;
using FsCheck.Fluent;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using System.IO.Compression;

namespace ReidCloud.Tests.Hostile;

/// <summary>What a writer wrote is what the reader reads, whatever it is.</summary>
public sealed class RoundTripTests
{
    private const int Cases = 200;

    private static readonly Gen<string> Names = Gen.Elements("a", "b", "ü", "тигр", "x y", "1", "🦊", "-", "'", ",", "\"").NonEmptyListOf().Select(parts => string.Concat(parts.Take(20)));

    [Fact]
    public void Matrices()
    {
        var matrices =
            from type in Gen.Elements(MatType.Int8, MatType.UInt8, MatType.Int16, MatType.UInt16, MatType.Int32, MatType.UInt32, MatType.Int64, MatType.UInt64, MatType.Double, MatType.Single)
            from rows in Gen.Choose(0, 7)
            from columns in Gen.Choose(0, 7)
            from values in Gen.Choose(0, 127).ArrayOf(rows * columns)
            from name in Gen.Elements("m", "track_train_info", new string('n', 63))
            select (Matrix: new MatMatrix(name, rows, columns, [.. values.Select(value => (double)value)]), type);

        HostileInputs.Check(Cases, matrices, given =>
        {
            var read = MatFile.Read(MatFileWriter.Write((given.Matrix, given.type)), "m.mat").Values.Single();
            Assert.Equal((given.Matrix.Name, given.Matrix.Rows, given.Matrix.Columns), (read.Name, read.Rows, read.Columns));
            Assert.Equal(given.Matrix.Values, read.Values);
        });
    }

    [Fact]
    public void Tables()
    {
        var fields = Gen.Elements("", "a", ",", "\"", "\r\n", "ü", "a\"b", " ").ListOf().Select(parts => string.Concat(parts.Take(6)));
        var records = fields.NonEmptyListOf().Where(record => record.Count <= 64 && record is not [""]).Select(record => record.ToArray()).NonEmptyListOf();

        HostileInputs.Check(Cases, records, given =>
        {
            var text = string.Join("\r\n", given.Select(record => string.Join(',', record.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))));
            Assert.Equal(given, CsvRecords.Read(text, "t.csv").Select(record => record.Fields.ToArray()));
        });
    }

    [Fact]
    public void Heads_of_tensors()
    {
        var tensors =
            from name in Names
            from type in Gen.Elements(Enum.GetValues<TensorType>())
            from shape in Gen.Choose(0, 5).Select(size => (long)size).ListOf()
            select (Name: name, Type: type, Shape: (IReadOnlyList<long>)[.. shape.Take(5)]);

        HostileInputs.Check(Cases, tensors.ListOf(), given =>
        {
            var distinct = given.DistinctBy(tensor => tensor.Name).Where(tensor => tensor.Name != "__metadata__").ToList();
            using var file = new MemoryStream();
            SafetensorsHeader.Write(file, new Dictionary<string, string> { ["k"] = "v" }, distinct);
            file.Write(new byte[distinct.Sum(tensor => tensor.Type.Bytes() * tensor.Shape.Aggregate(1L, (product, size) => product * size))]);
            file.Position = 0;

            var read = SafetensorsHeader.Read(file);

            Assert.Equal("v", read.Metadata["k"]);
            Assert.Equal(
                distinct.Select(tensor => $"{tensor.Name} {tensor.Type} {string.Join('x', tensor.Shape)}").Order(StringComparer.Ordinal),
                read.Entries.Select(entry => $"{entry.Name} {entry.Type} {string.Join('x', entry.Shape)}").Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void Archives()
    {
        var files =
            from name in Names
            from content in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf()
            from level in Gen.Elements(CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.SmallestSize)
            select (Name: name, Content: content, Level: level);

        HostileInputs.Check(Cases, files.NonEmptyListOf(), given =>
        {
            var distinct = given.DistinctBy(file => file.Name).ToList();
            using var archive = new MemoryStream();
            using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (var (name, content, level) in distinct)
                {
                    using var entry = zip.CreateEntry(name, level).Open();
                    entry.Write(content);
                }
            }

            var index = ArchiveIndex.Read(archive, "a.zip");
            Assert.Equal(distinct.Select(file => file.Name), index.Entries.Select(entry => entry.Name));
            Assert.Equal(distinct.Select(file => Convert.ToHexString(file.Content)), index.Entries.Select(entry => Convert.ToHexString(index.Open(entry))));
        });
    }

    [Fact]
    public void Manifests()
    {
        var draws =
            from names in Names.NonEmptyListOf()
            from splits in Gen.Elements(Enum.GetValues<Split>()).ListOf()
            from time in Gen.Elements<int?>(null, 0, int.MaxValue)
            select (Names: names.Distinct().ToArray(), Splits: splits, Time: time);
        var some = UploadFiles.Mars().Ingest();

        HostileInputs.Check(Cases, draws, given =>
        {
            var manifest = some with
            {
                Identities = given.Names,
                Cameras = [.. given.Names.Select(name => new Camera(name, Modality.Infrared))],
                Tracklets = [.. given.Splits.Select((split, place) => new Tracklet(split, (place % (given.Names.Length + 1)) - 1, place % given.Names.Length, place % 3, 1 + (place % 5)) { Time = given.Time })],
            };
            var (first, second) = (Written(manifest), Written(ManifestJson.Read(new MemoryStream(Written(manifest)))));
            Assert.Equal(first, second);
            Assert.Equal(manifest.Tracklets, ManifestJson.Read(new MemoryStream(first)).Tracklets);
        });
    }

    [Theory]
    [InlineData("png")]
    [InlineData("bmp")]
    public void Pictures(string format)
    {
        var sizes = from width in Gen.Choose(1, 40) from height in Gen.Choose(1, 40) select (width, height);

        HostileInputs.Check(Cases, sizes, given =>
        {
            var pixels = Pixels.Random<Rgb24>(given.width, given.height);
            using var image = Image.LoadPixelData<Rgb24>(pixels, given.width, given.height);
            using var file = new MemoryStream();
            if (format == "png")
            {
                image.SaveAsPng(file);
            }
            else
            {
                image.SaveAsBmp(file);
            }

            Assert.Equal(pixels.SelectMany(pixel => new[] { pixel.R, pixel.G, pixel.B }), ImageDecoder.Decode(file.ToArray(), "x").Pixels);
        });
    }

    private static byte[] Written(DatasetManifest manifest)
    {
        using var json = new MemoryStream();
        ManifestJson.Write(json, manifest);
        return json.ToArray();
    }
}
