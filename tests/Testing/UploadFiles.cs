using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using ReidCloud.Datasets;

namespace ReidCloud.Tests.Testing;

/// <summary>An upload in memory, built file by file: tiny data sets of each layout, and what tests do to them before they are ingested.</summary>
public sealed class UploadFiles
{
    private readonly SortedDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    /// <summary>What will be uploaded loose or packed, by name.</summary>
    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Two training identities in two cameras; two test identities, a distractor and junk. Every tracklet has two frames; rows as in MARS. Queries are the
    /// test rows 3 and 5.
    /// </summary>
    public static UploadFiles Mars()
    {
        var upload = new UploadFiles();
        upload.AddMars("train", [(1, 1), (1, 2), (7, 1), (7, 3)]);
        upload.AddMars("test", [(-1, 1), (0, 2), (2, 1), (2, 2), (4, 2), (4, 1)]);
        upload.Files["mars/info/query_IDX.mat"] = MatFileWriter.Write((new MatMatrix("query_IDX", 1, 2, [3, 5]), MatType.UInt16));
        return upload;
    }

    public static UploadFiles Market1501()
    {
        var upload = new UploadFiles();
        foreach (var name in new[]
        {
            "bounding_box_train/0002_c1s1_000451_03.jpg", "bounding_box_train/0002_c2s1_000301_01.jpg", "bounding_box_train/0011_c6s1_000451_03.jpg",
            "query/0010_c1s1_000451_00.jpg", "query/0003_c3s1_000451_00.jpg",
            "bounding_box_test/-1_c1s1_000401_03.jpg", "bounding_box_test/0000_c1s1_000151_01.jpg",
            "bounding_box_test/0010_c2s1_000451_01.jpg", "bounding_box_test/0003_c4s6_015641_02.jpg",
        })
        {
            upload.Files[$"Market-1501-v15.09.15/{name}"] = Bmp(32, 64, (int)(HandmadeZip.Crc(Encoding.UTF8.GetBytes(name)) & 0xFFFF));
        }

        upload.Files["Market-1501-v15.09.15/readme.txt"] = "Market"u8.ToArray();
        upload.Files["Market-1501-v15.09.15/bounding_box_test/Thumbs.db"] = [1];
        return upload;
    }

    /// <summary>Two training identities, of which one is the validation part; a query of another with a second image of it, its match, and a distractor.</summary>
    /// <param name="form">Of the fixtures: what NumPy or plain Python wrote.</param>
    public static UploadFiles AlignedPartitions(string form = "arrays")
    {
        var upload = new UploadFiles().With("market1501/partitions.pkl", File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "tests/Shared/Datasets/Fixtures", $"partitions.{form}.pkl")));
        string[] names =
        [
            "00000002_0001_00000000", "00000002_0003_00000000", "00000007_0001_00000000", "00000007_0002_00000000",
            "00000010_0001_00000000", "00000010_0001_00000001", "00000000_0002_00000000", "00000010_0006_00000000",
        ];
        foreach (var (place, name) in names.Index())
        {
            upload.With($"market1501/images/{name}.jpg", Bmp(32, 64, 7000 + place));
        }

        return upload;
    }

    /// <summary>Two training identities; a query of each of two others, and one that is in the gallery only.</summary>
    public static UploadFiles DukeMtmcReid()
    {
        var upload = new UploadFiles();
        foreach (var (place, name) in new[]
        {
            "bounding_box_train/0001_c2_f0046182.jpg", "bounding_box_train/0001_c5_f0051341.jpg", "bounding_box_train/0007_c2_f0046302.jpg",
            "query/0005_c2_f0046985.jpg", "query/0033_c1_f0057706.jpg",
            "bounding_box_test/0005_c8_f0084804.jpg", "bounding_box_test/0033_c2_f0062347.jpg", "bounding_box_test/7015_c6_f0045014.jpg",
        }.Index())
        {
            upload.Files[$"DukeMTMC-reID/{name}"] = Bmp(40, 90, 4000 + place);
        }

        return upload;
    }

    /// <summary>Two training identities, each with an image for validation; two others with a query each. Lists lie beside the folders, as in version 1.</summary>
    public static UploadFiles Msmt17()
    {
        var upload = new UploadFiles();
        foreach (var (list, folder, names) in new (string List, string Folder, string[] Names)[]
        {
            ("train", "train", ["0000/0000_000_01_0303morning_0008_0.jpg 0", "0000/0000_001_14_0303morning_0022_1.jpg 0", "0001/0001_000_01_0303noon_0008_0.jpg 1", "0001/0001_001_02_0303noon_0012_0.jpg 1"]),
            ("val", "train", ["0000/0000_002_15_0303morning_0030_0.jpg 0", "0001/0001_002_02_0303noon_0014_0.jpg 1"]),
            ("query", "test", ["0000/0000_000_03_0303morning_0008_0.jpg 0", "0001/0001_000_01_0303noon_0009_0.jpg 1"]),
            ("gallery", "test", ["0000/0000_001_02_0303morning_0010_0.jpg 0", "0001/0001_001_15_0303noon_0011_0.jpg 1"]),
        })
        {
            foreach (var name in names)
            {
                upload.Files[$"MSMT17_V1/{folder}/{name.Split(' ')[0]}"] = Bmp(40, 90, (int)(HandmadeZip.Crc(Encoding.UTF8.GetBytes(folder + name)) & 0xFFFFF));
            }

            upload.With($"MSMT17_V1/list_{list}.txt", Encoding.UTF8.GetBytes(string.Join('\n', names) + "\n"));
        }

        return upload;
    }

    /// <summary>
    /// Detected and labeled crops of two persons of the first camera pair and two of the second, two in each camera, with the new protocol of both and the first two of
    /// the classic splits. Whom the new protocol trains on differs between the two.
    /// </summary>
    public static UploadFiles Cuhk03()
    {
        var upload = new UploadFiles();
        foreach (var (kind, trained) in new[] { (Cuhk03Layout.Detected, 1), (Cuhk03Layout.Labeled, 2) })
        {
            Cuhk03Name[] crops =
            [
                .. from person in new (int Pair, int Number)[] { (1, 1), (1, 2), (2, 1), (2, 440) }
                   from column in new[] { 1, 2, 6, 7 }
                   select new Cuhk03Name(person.Pair, person.Number, Cuhk03Name.CameraOf(column), column),
            ];
            foreach (var (place, crop) in crops.Index())
            {
                upload.Files[$"cuhk03/{kind}/{crop}"] = Bmp(40, 90, (trained * 1000) + place);
            }

            bool IsTrained(Cuhk03Name crop) => crop.Person % 2 == trained % 2;
            MatMatrix Column(string name, IEnumerable<int> numbers) => new(name, numbers.Count(), 1, [.. numbers.Select(number => (double)number)]);
            MatMatrix Entries(string name, Func<Cuhk03Name, bool> isIn) => Column(name, crops.Index().Where(crop => isIn(crop.Item)).Select(crop => crop.Index + 1));
            upload.Files[$"cuhk03/cuhk03_new_protocol_config_{kind}.mat"] = MatFileWriter.Write(
                "filelist", [.. crops.Select(crop => crop.ToString())],
                Column("labels", crops.Select(crop => crop.Identity)), Column("camId", crops.Select(crop => crop.Camera)),
                Entries("train_idx", IsTrained),
                Entries("query_idx", crop => !IsTrained(crop) && crop.Column % 5 == 1),
                Entries("gallery_idx", crop => !IsTrained(crop) && crop.Column % 5 == 2));
        }

        return upload.With("cuhk03/testsets.txt", "1 1 2\n1 2 440\n2 2 1\n"u8.ToArray());
    }

    /// <summary>Four persons, whose angles to the cameras differ.</summary>
    public static UploadFiles Viper()
    {
        var upload = new UploadFiles();
        foreach (var (place, person) in new[] { "000", "001", "103", "873" }.Index())
        {
            upload.Files[$"VIPeR/cam_a/{person}_{place * 45}.bmp"] = Bmp(48, 128, 5000 + place);
            upload.Files[$"VIPeR/cam_b/{person}_90.bmp"] = Bmp(48, 128, 6000 + place);
        }

        return upload;
    }

    /// <summary>Four persons with two frames in each camera. The first split tests the first and the last, the second the two between.</summary>
    public static UploadFiles IlidsVid()
    {
        var upload = new UploadFiles();
        foreach (var (place, person) in new[] { "person001", "person002", "person004", "person319" }.Index())
        {
            for (var camera = 1; camera <= 2; camera++)
            {
                upload.Files[$"iLIDS-VID/i-LIDS-VID/images/cam{camera}/{person}/cam{camera}_{person}.png"] = Bmp(64, 128, 7000 + (place * 10) + camera);
                for (var frame = 317; frame <= 318; frame++)
                {
                    upload.Files[$"iLIDS-VID/i-LIDS-VID/sequences/cam{camera}/{person}/cam{camera}_{person}_{frame:D5}.png"] = Bmp(64, 128, (place * 10) + camera + frame);
                }
            }
        }

        double[] splits = [.. Enumerable.Range(0, 4).SelectMany(column => Enumerable.Range(0, 10).Select(split => (double)(split % 2 == 0 ? new[] { 4, 1, 2, 3 } : [2, 3, 1, 4])[column]))];
        return upload.With(
            "iLIDS-VID/train-test people splits/train_test_splits_ilidsvid.mat", MatFileWriter.Write((new MatMatrix("ls_set", 10, 4, splits), MatType.UInt8)));
    }

    /// <summary>Two persons for training and two for the test with 27 frames by each camera; one with 26, and one whom only the second camera saw. The second split exchanges the parts.</summary>
    public static UploadFiles Prid2011()
    {
        var upload = new UploadFiles();
        foreach (var (place, (person, cameras, frames)) in new[]
        {
            ("person_0001", "ab", 27), ("person_0002", "ab", 28), ("person_0003", "ab", 26), ("person_0007", "ab", 27), ("person_0200", "ab", 27), ("person_0201", "b", 30),
        }.Index())
        {
            foreach (var camera in cameras)
            {
                upload.Files[$"prid2011/prid_2011/single_shot/cam_{camera}/{person}.png"] = Bmp(64, 128, (place * 1000) + camera);
                for (var frame = 1; frame <= frames; frame++)
                {
                    upload.Files[$"prid2011/prid_2011/multi_shot/cam_{camera}/{person}/{frame:D4}.png"] = Bmp(64, 128, 100_000 + (place * 1000) + (camera * 100) + frame);
                }
            }
        }

        const string one = """["person_0001", "person_0200"]""", other = """["person_0002", "person_0007"]""";
        return upload.With(
            "prid2011/splits_prid2011.json",
            Encoding.UTF8.GetBytes($"[{string.Join(",\n", Enumerable.Range(0, 10).Select(split => $$"""{"test": {{(split % 2 == 0 ? one : other)}}, "train": {{(split % 2 == 0 ? other : one)}}}"""))}]"));
    }

    /// <summary>
    /// Persons 1 and 4 for training, 334 for validation (whom only cameras 3, 4 and 5 saw), 6 and 10 for the test (10 not in cameras 1 and 2), and 3, who is in no list. Two images by each infrared camera, three by each
    /// visible one. The row of trial t in the authors' permutations begins with image 1 + t modulo 3.
    /// </summary>
    public static UploadFiles SysuMm01()
    {
        var upload = new UploadFiles();
        foreach (var identity in SysuPersons)
        {
            foreach (var camera in CamerasOf(identity))
            {
                foreach (var frame in camera is 3 or 6 ? new[] { 1, 2 } : [2, 3, 11])
                {
                    upload.Files[$"sysu/cam{camera}/{identity:D4}/{frame:D4}.bmp"] = Bmp(32, 64, (identity * 1000) + (camera * 100) + frame);
                }
            }
        }

        foreach (var (list, persons) in new[] { ("train_id", new[] { 1, 4 }), ("val_id", [334]), ("test_id", [6, 10]), ("available_id", [1, 4, 6, 10, 334]) })
        {
            upload.Files[$"sysu/exp/{list}.txt"] = Encoding.UTF8.GetBytes(string.Join(',', persons) + "\n");
            upload.Files[$"sysu/exp/{list}.mat"] = MatFileWriter.Write((new MatMatrix("id", 1, persons.Length, [.. persons.Select(person => (double)person)]), MatType.UInt16));
        }

        upload.Files["sysu/exp/rand_perm_cam.mat"] = MatFileWriter.Write("rand_perm_cam", [.. Enumerable.Range(1, 6).Select(camera => Enumerable.Range(1, 400).Select(identity =>
            SysuPersons.Contains(identity) && CamerasOf(identity).Contains(camera) ? Permutations(camera is 3 or 6 ? 2 : 3) : null).ToArray())]);
        return upload;

        static int[] CamerasOf(int identity) => identity > 333 ? [3, 4, 5] : identity == 10 ? [3, 4, 5, 6] : [1, 2, 3, 4, 5, 6];

        static MatMatrix Permutations(int count) =>
            new("", 10, count, [.. Enumerable.Range(0, count).SelectMany(column => Enumerable.Range(0, 10).Select(trial => (double)(1 + ((trial + column) % count))))]);
    }

    private static readonly int[] SysuPersons = [1, 3, 4, 6, 10, 334];

    /// <summary>Four persons with two images by each camera. Odd splits train on 2 and 285, even ones on the other two.</summary>
    public static UploadFiles RegDb()
    {
        var upload = new UploadFiles();
        var persons = new[] { (2, "female_back"), (73, "female_front"), (285, "male_back"), (412, "male_front") };
        var images = new Dictionary<(int Person, char Sensor), string[]>();
        foreach (var (person, view) in persons)
        {
            foreach (var (sensor, folder) in new[] { ('v', "Visible"), ('t', "Thermal") })
            {
                images[(person, sensor)] = [.. new[] { 1, 7 }.Select(frame => $"{folder}/{person}/{view}_{sensor}_{(person * 10) + frame:D5}_{person}.bmp")];
                foreach (var (place, name) in images[(person, sensor)].Index())
                {
                    upload.Files[$"RegDB/{name}"] = Bmp(32, 64, (person * 100) + (sensor * 10) + place);
                }
            }
        }

        for (var split = 1; split <= 10; split++)
        {
            foreach (var (part, who) in new[] { ("train", split % 2 == 1 ? new[] { 2, 285 } : [73, 412]), ("test", split % 2 == 1 ? [73, 412] : [2, 285]) })
            {
                foreach (var (sensor, list) in new[] { ('v', "visible"), ('t', "thermal") })
                {
                    upload.Files[$"RegDB/idx/{part}_{list}_{split}.txt"] = Encoding.UTF8.GetBytes(
                        string.Concat(who.SelectMany((person, label) => images[(person, sensor)].Select(name => $"{name} {label}\n"))));
                }
            }
        }

        return upload;
    }

    /// <summary>Two training identities, one query of each of two others, and a distractor in the gallery; two frames each.</summary>
    public static UploadFiles DukeVideoReid(bool underscores = true)
    {
        var upload = new UploadFiles();
        foreach (var (place, (folder, letter)) in new[]
        {
            ("train/0001/0001/0001_C1", 'X'), ("train/0001/0002/0001_C3", 'X'), ("train/0007/0003/0007_C1", 'X'), ("query/0002/0004/0002_C1", 'X'),
            ("query/0004/0006/0004_C2", 'X'), ("gallery/0002/0005/0002_C2", 'X'), ("gallery/0004/0007/0004_C1", 'X'), ("gallery/7001/0008/7001_C2", 'D'),
        }.Index())
        {
            for (var frame = 2; frame <= 3; frame++)
            {
                var path = $"DukeMTMC-VideoReID/{folder}_F{frame:D4}_{letter}{(place * 600) + (frame * 12)}.jpg";
                upload.Files[underscores ? path : path.Replace("_", "", StringComparison.Ordinal)] = Bmp(32, 64, (place * 100) + frame);
            }
        }

        return upload;
    }

    /// <summary>Two training vehicles; two test vehicles in two cameras each, with three tracks and two queries. Queries are in the gallery too.</summary>
    public static UploadFiles Veri()
    {
        var upload = new UploadFiles();
        void Add(string folder, params IEnumerable<string> names)
        {
            foreach (var name in names)
            {
                upload.Files[$"VeRi/{folder}/{name}"] = Bmp(40, 30, (int)(HandmadeZip.Crc(Encoding.UTF8.GetBytes(name)) & 0xFFFFF));
            }
        }

        string[] train = ["0001_c001_00000100_0.jpg", "0001_c002_00000300_0.jpg", "0001_c001_00000101_0.jpg", "0003_c001_00000102_0.jpg", "0003_c012_00000400_0.jpg"];
        string[] query = ["0002_c001_00000500_0.jpg", "0005_c003_00000700_0.jpg"];
        Add("image_train", train);
        Add("image_query", query);
        Add("image_test", [.. query, "0002_c001_00000501_0.jpg", "0002_c002_00000600_0.jpg", "0002_c002_00000601_0.jpg", "0005_c003_00000701_0.jpg", "0005_c001_00000800_0.jpg"]);
        upload.With("VeRi/name_train.txt", Encoding.UTF8.GetBytes(string.Join("\r\n", train) + "\r\n"));
        upload.With("VeRi/name_query.txt", Encoding.UTF8.GetBytes(string.Join('\n', query)));
        return upload.With(
            "VeRi/test_track.txt",
            """
            0002_c001_1 0002_c001_00000500_0.jpg 0002_c001_00000501_0.jpg 
            0002_c002_1 0002_c002_00000600_0.jpg 0002_c002_00000601_0.jpg
            0005_c003_1 0005_c003_00000700_0.jpg 0005_c003_00000701_0.jpg 
            0005_c001_1 0005_c001_00000800_0.jpg 
            """u8.ToArray());
    }

    /// <summary>Two training entities and a crop without one; entity 20 seen by one camera, 21 by two.</summary>
    public static UploadFiles Atrw()
    {
        var upload = new UploadFiles();
        foreach (var image in new[] { "train/000000", "train/000001", "train/000002", "train/000003", "train/000004", "test/000010", "test/000012", "test/000013", "test/000020", "test/000021" })
        {
            upload.Files[$"{image}.jpg"] = Bmp(60, 30, image[^1] + (image[^2] * 256));
        }

        upload.With("reid_list_train.csv", "4,000000.jpg\n4,000001.jpg\n9,000003.jpg\n9,000004.jpg\n"u8.ToArray());
        upload.With("reid_list_test.csv", "000010.jpg\n000012.jpg\n000013.jpg\n000020.jpg\n000021.jpg\n"u8.ToArray());
        return upload.With(
            "gt_test_plain.json",
            """
            [{"imgid":10,"entityid":20,"query":"sing","frame":[1,7,100]},{"imgid":12,"entityid":20,"query":"sing","frame":[1,7,102]},
             {"imgid":13,"entityid":20,"query":"sing","frame":[1,7,104]},{"imgid":20,"entityid":21,"query":"multi","frame":[1,7,300]},
             {"imgid":21,"entityid":21,"query":"multi","frame":[2,0,300]}]
            """u8.ToArray());
    }

    public static UploadFiles Csv(string table, params IEnumerable<string> images)
    {
        var upload = new UploadFiles();
        upload.Files["manifest.csv"] = Encoding.UTF8.GetBytes(table);
        foreach (var (place, image) in images.Index())
        {
            upload.Files[image] = Bmp(32, 64, place);
        }

        return upload;
    }

    /// <summary>A real image whose content depends on the seed.</summary>
    public static byte[] Bmp(int width, int height, int seed)
    {
        var stride = ((width * 3) + 3) & ~3;
        var file = new byte[54 + (stride * height)];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        file[10] = 54;
        file[14] = 40;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        file[26] = 1;
        file[28] = 24;
        new Random(seed).NextBytes(file.AsSpan(54, Math.Min(64, file.Length - 54)));
        return file;
    }

    /// <summary>A tracklet list, its table and its images, which the names tell.</summary>
    public void AddMars(string split, IReadOnlyList<(int Identity, int Camera)> tracklets, int frames = 2)
    {
        var names = new List<string>();
        var rows = new List<(int, int, int, int)>();
        foreach (var (place, (identity, camera)) in tracklets.Index())
        {
            var person = identity < 0 ? "00-1" : identity.ToString("D4", CultureInfo.InvariantCulture);
            rows.Add((names.Count + 1, names.Count + frames, identity, camera));
            for (var frame = 1; frame <= frames; frame++)
            {
                var name = $"{person}C{camera}T{place + 1:D4}F{frame:D3}.jpg";
                names.Add(name);
                Files[$"mars/bbox_{split}/{person}/{name}"] = Bmp(32, 64, (split.Length * 10_000) + (place * 100) + frame);
            }
        }

        Files[$"mars/info/{split}_name.txt"] = Encoding.UTF8.GetBytes(string.Join('\n', names) + "\n");
        SetTable(split, rows);
    }

    public void SetTable(string split, IReadOnlyList<(int Start, int End, int Identity, int Camera)> rows)
    {
        double[] values =
            [.. rows.Select(row => (double)row.Start), .. rows.Select(row => (double)row.End), .. rows.Select(row => (double)row.Identity), .. rows.Select(row => (double)row.Camera)];
        Files[$"mars/info/tracks_{split}_info.mat"] = MatFileWriter.Write((new MatMatrix($"track_{split}_info", rows.Count, 4, values), MatType.Int32));
    }

    public UploadFiles With(string name, byte[] content)
    {
        Files[name] = content;
        return this;
    }

    public UploadFiles Without(string name)
    {
        Assert.True(Files.Remove(name), name);
        return this;
    }

    /// <summary>Packs the files that a prefix names into an archive; the others stay loose.</summary>
    public UploadFiles Pack(string archive, string prefix = "", CompressionLevel level = CompressionLevel.Optimal)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in Files.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList())
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(Files[name]);
                Files.Remove(name);
            }
        }

        return Blob(archive, stream.ToArray());
    }

    /// <summary>An uploaded blob as it is.</summary>
    public UploadFiles Blob(string name, byte[] content)
    {
        _blobs[name] = content;
        return this;
    }

    public DatasetManifest Ingest(string? layout = null, IProgress<IngestProgress>? progress = null, string? variant = null)
    {
        var all = new Dictionary<string, byte[]>(_blobs.Concat(Files));
        // In no order that anything could rely on.
        DatasetBlob[] blobs = [.. all.OrderBy(blob => HandmadeZip.Crc(Encoding.UTF8.GetBytes(blob.Key))).Select(blob => new DatasetBlob(blob.Key, blob.Value.Length, $"\"{blob.Key.Length}\""))];
        return DatasetIngest.Run(
            "test", blobs, blob => new MemoryStream(all[blob.Name], writable: false), layout, progress, TestContext.Current.CancellationToken, variant);
    }

    /// <summary>The loose files as a layout reads them.</summary>
    public FileListing Listing() =>
        new(Files.Select((file, place) => new FrameSource(file.Key, place, 0, file.Value.Length, file.Value.Length, FrameEncoding.Loose, 0)), file => Files[file.Name]);

    /// <summary>The bytes of a blob of the upload.</summary>
    public byte[] Content(string blob) => _blobs.TryGetValue(blob, out var content) ? content : Files[blob];

    /// <summary>Ingest must fail; the errors, all on one page.</summary>
    public string Refusal(string? layout = null, string? variant = null)
    {
        var exception = Assert.Throws<DatasetException>(() => Ingest(layout, variant: variant));
        Assert.NotEmpty(exception.Errors);
        return string.Join('\n', exception.Errors.Select(error => $"{error.Code}: {error.Message}\n{string.Join('\n', error.Examples)}"));
    }
}
