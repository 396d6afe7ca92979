using System.Text;
using ReidCloud.Cli;
using ReidCloud.Cli.Api;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Shared.Datasets;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Hostile;

/// <summary>Every parser of what strangers send or may have changed, one a paragraph.</summary>
internal static class HostileParsers
{
    public const string Zip = "zip index";
    public const string Mat = "MAT";
    public const string Safetensors = "safetensors";
    public const string PytorchZip = ".pth (zip)";
    public const string PytorchTar = ".pth (tar)";
    public const string Png = "PNG";
    public const string Jpeg = "JPEG";
    public const string Bmp = "BMP";
    public const string Csv = "CSV";
    public const string Spec = "spec JSON";
    public const string Manifest = "manifest.json";
    public const string Tar = "tar";

    /// <summary>The largest picture, as bytes, as pixels and as it is decoded: 32 million pixels, four bytes each.</summary>
    private const long PictureLeave = 512L << 20;

    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Pickle = PickleBytes.Dict(p => p.Tensor([2, 2], [2, 1])).Done();
    private static readonly byte[][] Json = Words("{", "}", "[", "]", ",", ":", "\"kind\"", "\"train\"", "\"a\"", "null", "true", "1", "-1", "1e999", "9007199254740993", "\"\\ud800\"", "\"\\u0000\"", " ", "\uFEFF");
    private static readonly string[] CsvImages = ["a.png", "b.png", "c.png"];

    public static IReadOnlyList<HostileParser> All { get; } =
    [
        new(Spec, [ReidJson.Write<RunSpec>(TinySpecs.Teacher), ReidJson.Write<RunSpec>(Evaluate), ReidJson.Write<RunSpec>(Presets.All[0].Spec)], ReadSpec, typeof(SpecException))
        {
            Words = Json,
        },
        new("upload request", [ReidJson.Write(new UploadRequest("a/b.jpg"))], stream => DatasetName.RequireFile(ReidJson.Read<UploadRequest>(Bytes(stream)).File, "$.file"), typeof(SpecException))
        {
            Words = Json,
        },
        new("commit.json", [ReidJson.Write(new CommitStatus(DatasetState.Failed, "x", Now) { Files = ["a.zip"], Failure = "f", Findings = [new(FindingSeverity.Error, "c", "m", 1, ["e"])] })],
            stream => ReidJson.Read<CommitStatus>(Bytes(stream)), typeof(SpecException))
        {
            Words = Json,
        },
        new("status.json", [ReidJson.Write(new RunStatus(RunState.Running, Now, Now) { Attempt = 2, Checkpoint = new("b", "00", 1, 2), Failure = null })],
            stream => ReidJson.Read<RunStatus>(Bytes(stream)), typeof(SpecException))
        {
            Words = Json,
        },
        new("events.jsonl", [ReidJson.Write(new RunEvent(Now, RunEventKind.Step) { Epoch = 1, Step = 2, Values = new Dictionary<string, double> { ["total"] = 0.5 } })],
            stream => ReidJson.Read<RunEvent>(Bytes(stream)), typeof(SpecException))
        {
            Words = Json,
        },
        new(Manifest, [Written(UploadFiles.Mars().Ingest()), Written(UploadFiles.Atrw().Ingest())], stream => ManifestJson.Read(stream), typeof(ManifestFormatException))
        {
            Words = Json,
        },
        new("hparams.json", ["""{"backbone_type":"resnet50","num_classes":625,"pretrained":true}"""u8.ToArray()], stream => ReferenceParameters.Read(Bytes(stream)), typeof(WeightsException))
        {
            Words = Json,
        },
        new("checkpoint", [Written(new CheckpointHead(TinySpecs.Teacher, "hash", ["1", "2"], "student", 1, 2))], stream => Checkpoint.ReadHead(stream), typeof(CheckpointException))
        {
            Words = Json,
        },

        new(Zip, [Archive(wide: false), Archive(wide: true)], ReadArchive, typeof(ArchiveException)) { Words = [[0x50, 0x4B, 1, 2], [0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6], [0x50, 0x4B, 6, 6], [0x50, 0x4B, 6, 7], new byte[18], [0xFF, 0xFF, 0xFF, 0xFF], new byte[2]] },
        new("frame in a zip", [Archive(wide: false)], stream => FrameBytes.Read(Bytes(stream), ArchiveIndex.Read(new MemoryStream(Archive(wide: false)), "a.zip").Entries[0].In(0)), typeof(ArchiveException)),
        new(Tar, [Tape()], ReadTar, typeof(CommandException), typeof(InvalidDataException), typeof(EndOfStreamException)) { Words = [Tape()[..512], new byte[512]] },
        new(Mat, [MatFileWriter.Write((Table, MatType.Int32), (Table with { Name = "q" }, MatType.UInt16)), Plain()], stream => MatFile.Read(Bytes(stream), "m.mat", limit: 1 << 20), typeof(MatException))
        {
            Words = [Plain()[..128], [14, 0, 0, 0], [15, 0, 0, 0], [6, 0, 0, 0, 8, 0, 0, 0], [5, 0, 0, 0, 8, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0], [255, 255, 255, 127]],
        },
        new("MAT lists", [MatFileWriter.Write("filelist", ["1_001_1_01.png", "", "b"], Table)], stream => MatFile.ReadTexts(Bytes(stream), "m.mat", limit: 1 << 20), typeof(MatException))
        {
            Words = [Plain()[..128], [14, 0, 0, 0], [15, 0, 0, 0], [6, 0, 0, 0, 8, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0], [4, 0, 0, 0, 0, 0, 0, 0], [5, 0, 0, 0, 8, 0, 0, 0], [1, 0, 1, 0], [17, 0, 2, 0, 65, 0, 0, 0]],
        },
        new("HDF5", [File.ReadAllBytes(Hdf5FileTests.Fixture("arrays-earliest.h5")), File.ReadAllBytes(Hdf5FileTests.Fixture("arrays-latest.h5"))], ReadArrays, typeof(Hdf5Exception))
        {
            Words = [File.ReadAllBytes(Hdf5FileTests.Fixture("arrays-earliest.h5"))[..96], File.ReadAllBytes(Hdf5FileTests.Fixture("arrays-latest.h5"))[..48], .. Words("TREE", "SNOD", "HEAP", "OHDR", "OCHK"), new byte[8], [255, 255, 255, 255, 255, 255, 255, 255]],
        },
        new("cuhk-03.mat", [File.ReadAllBytes(Hdf5FileTests.Fixture("cuhk-03.mat"))], ReadCuhk03, typeof(Hdf5Exception)) { MostCuts = 300 },
        new(Csv, ["path,identity,camera,split,tracklet,modality\r\na.png,anna,1,train,t1,\r\n\"b.png\",\"a \"\"b\"\"\",2,query,,infrared\nc.png,distractor,2,gallery,t,\n"u8.ToArray()],
            stream => UploadFiles.Csv("", CsvImages).With("manifest.csv", Bytes(stream)).Ingest("csv"), typeof(DatasetException))
        {
            Words = Words("path,identity,camera,split\n", "a.png,", "x,", "1,", "train", "query", "gallery", "distractor,", "\"", "\"\"", "\r\n", "\r", "\n", ",", "\0", "\uFEFF"),
            Leave = 32 << 20,
        },
        Layout("MARS tables", UploadFiles.Mars, "mars/info/tracks_test_info.mat"),
        Layout("MARS lists", UploadFiles.Mars, "mars/info/test_name.txt"),
        Layout("CUHK03 new protocol", UploadFiles.Cuhk03, "cuhk03/cuhk03_new_protocol_config_detected.mat"),
        Layout("CUHK03 test sets", () => UploadFiles.Cuhk03().Without("cuhk03/cuhk03_new_protocol_config_labeled.mat"), "cuhk03/testsets.txt", "classic-labeled-2"),
        Layout("iLIDS-VID splits", UploadFiles.IlidsVid, "iLIDS-VID/train-test people splits/train_test_splits_ilidsvid.mat"),
        Layout("PRID-2011 splits", UploadFiles.Prid2011, "prid2011/splits_prid2011.json"),
        Layout("SYSU-MM01 lists", UploadFiles.SysuMm01, "sysu/exp/test_id.txt"),
        Layout("SYSU-MM01 draws", UploadFiles.SysuMm01, "sysu/exp/rand_perm_cam.mat"),
        Layout("SYSU-MM01 labels", SysuArraysTests.Packed, "sysu/train_ir_resized_label.npy", "packed"),
        Layout("RegDB lists", UploadFiles.RegDb, "RegDB/idx/test_thermal_1.txt"),
        Layout("partitions", () => UploadFiles.AlignedPartitions(), "market1501/partitions.pkl"),
        Layout("partitions of bytes", () => UploadFiles.AlignedPartitions("bytes"), "market1501/partitions.pkl"),
        Layout("MSMT17 lists", UploadFiles.Msmt17, "MSMT17_V1/list_train.txt", "train-and-val"),
        Layout("VeRi-776 lists", UploadFiles.Veri, "VeRi/test_track.txt"),
        Layout("ATRW lists", UploadFiles.Atrw, "reid_list_train.csv"),
        Layout("ATRW truth", UploadFiles.Atrw, "gt_test_plain.json"),

        Weights(Safetensors, SafetensorsFile()),
        Weights(PytorchZip, PickleBytes.Zip(Pickle)),
        Weights(".pth (legacy)", PickleBytes.Legacy(Pickle)),
        Weights(PytorchTar, HandmadeTar.Pytorch()),

        new("image header", [Image("png.rgb"), Image("jpeg.420"), Image("bmp.rgb")], ReadHeader, typeof(ImageException)),
        Decoder(Png, "png.rgba", "png.palette_trns", "png.bilevel"),
        Decoder(Jpeg, "jpeg.420", "jpeg.progressive.420", "jpeg.cmyk"),
        Decoder(Bmp, "bmp.rgb", "bmp.palette"),
    ];

    private static EvaluateSpec Evaluate => new("mars", new CheckpointRef("0123456789abcdef0123")) { GalleryFrames = [1, 2] };

    private static MatMatrix Table => new("track", 3, 4, [1, 25, 35, 24, 34, 50, -1, -1, 1, 1, 1, 6]);

    private static HostileParser Layout(string name, Func<UploadFiles> upload, string file, string? variant = null) => new(
        name, [upload().Files[file]], stream => upload().With(file, Bytes(stream)).Ingest(variant: variant), typeof(DatasetException))
    {
        Leave = 32 << 20,
        Mutations = 400,
        Cases = 200,
    };

    private static HostileParser Weights(string name, byte[] good) => new(name, [good], ReadWeights, typeof(WeightsException))
    {
        Leave = 16 << 20,
        Mutations = 1000,
        Words = Words("\u0080\u0002", "}", "q\0", "h\0", "(", "t", "]", "X\u0001\0\0\0w", "ctorch\nFloatStorage\n", "ctorch._utils\n_rebuild_tensor_v2\n", "cos\nsystem\n", "R", "Q", "K\u0004", "s", "u", "a", ".", ")", "N"),
    };

    private static HostileParser Decoder(string name, params string[] golden) =>
        new(name, [.. golden.Select(Image)], stream => ImageDecoder.Decode(Bytes(stream), "a picture"), typeof(ImageException)) { Leave = PictureLeave, Mutations = 400, Cases = 200 };

    private static byte[] Image(string golden) => HostileImages.Golden(golden);

    private static void ReadSpec(Stream stream)
    {
        var spec = ReidJson.Read<RunSpec>(Bytes(stream));
        if (SpecRules.Check(spec).Count == 0)
        {
            var canonical = ReidJson.Canonical(spec);
            Assert.Equal(canonical, ReidJson.Canonical(ReidJson.Read<RunSpec>(canonical)));
        }
    }

    private static void ReadArchive(Stream stream)
    {
        var index = ArchiveIndex.Read(stream, "a.zip");
        foreach (var entry in index.Entries)
        {
            Assert.Equal(entry.Length, index.Open(entry).Length);
        }
    }

    private static void ReadArrays(Stream stream)
    {
        var file = Hdf5File.Open(stream, "a.h5");
        foreach (var (name, address) in file.Root())
        {
            var array = file.Array(address, ForeignText.Shown(name));
            Assert.Equal(array.Count * array.Width, array.Read(1 << 20).Length);
        }
    }

    private static void ReadCuhk03(Stream stream)
    {
        var file = Cuhk03MatFile.Open(stream, "cuhk-03.mat");
        _ = file.TestSets().Count();
        foreach (var crop in file.Crops())
        {
            Assert.Equal(crop.Width * crop.Height * 3, crop.Pixels.Length);
        }
    }

    private static void ReadTar(Stream stream)
    {
        var entries = new TarEntries(stream, "a.tar", new ArchiveLimits(EntryLength: 1 << 20, TotalLength: 1 << 24));
        while (entries.NextAsync(CancellationToken.None).GetAwaiter().GetResult() is { } entry)
        {
            entry.Content.CopyTo(Stream.Null);
        }
    }

    private static void ReadWeights(Stream stream)
    {
        foreach (var tensor in WeightsFile.Read(stream, "theirs").Tensors)
        {
            Assert.Equal(tensor.Count * tensor.Type.Bytes(), TensorBytes.Read(stream, tensor).Length);
        }
    }

    private static void ReadHeader(Stream stream)
    {
        if (ImageHeader.Read(Bytes(stream), out var fault) is not { } header)
        {
            throw new ImageException("a picture", fault!);
        }

        Assert.InRange((long)header.Width * header.Height, 1, ImageLimits.MaxPixels);
    }

    private static byte[] Bytes(Stream stream)
    {
        var bytes = new byte[stream.Length];
        stream.Position = 0;
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static byte[][] Words(params string[] words) => [.. words.Select(word => word[0] is '\u0080' ? Encoding.Latin1.GetBytes(word) : Encoding.UTF8.GetBytes(word))];

    private static byte[] Archive(bool wide) => HandmadeZip.Write(
        [new ZipPart("a/b.jpg", "some bytes, some bytes"u8.ToArray()), new ZipPart("a/", []), new ZipPart("a/c.jpg", "some bytes, some bytes"u8.ToArray()) { Method = 8 }, new ZipPart("d", [1]) { Wide = wide }],
        wideEnd: wide, comment: wide ? "" : "a comment");

    private static byte[] Tape() =>
        [.. HandmadeTar.Member("x", "17 path=long.jpg\n"u8.ToArray(), 'x'), .. HandmadeTar.Member("a.jpg", [1, 2, 3]), .. HandmadeTar.Write(("b/c.jpg", new byte[600]))];

    private static byte[] Plain()
    {
        byte[] Element(int type, params byte[] bytes) => [(byte)type, 0, 0, 0, (byte)bytes.Length, 0, 0, 0, .. bytes, .. new byte[(8 - (bytes.Length % 8)) % 8]];
        var header = new byte[128];
        (header[125], header[126], header[127]) = (1, (byte)'I', (byte)'M');
        return [.. header, .. Element(14, [.. Element(6, 6, 0, 0, 0, 0, 0, 0, 0), .. Element(5, 2, 0, 0, 0, 2, 0, 0, 0), .. Element(1, (byte)'m'), .. Element(4, 1, 0, 2, 0, 3, 0, 4, 0)])];
    }

    private static byte[] SafetensorsFile()
    {
        var header = new MemoryStream();
        SafetensorsHeader.Write(header, new Dictionary<string, string> { ["format"] = "pt" }, [("module.w", TensorType.Float32, [2, 2]), ("module.n", TensorType.Int64, [])]);
        return [.. header.ToArray(), .. PickleBytes.Floats, .. BitConverter.GetBytes(7L)];
    }

    private static byte[] Written(DatasetManifest manifest)
    {
        var json = new MemoryStream();
        ManifestJson.Write(json, manifest);
        return json.ToArray();
    }

    private static byte[] Written(CheckpointHead head)
    {
        var file = new MemoryStream();
        Checkpoint.Write(file, head, []);
        return file.ToArray();
    }
}
