using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Hostile;

/// <summary>Bytes made by hand for a parser, and a part of what it must say of them; null where they are odd and yet read, nothing where
/// decoders differ, as long as it costs no more than it may.</summary>
internal sealed record Oddity(string Parser, string Name, byte[] Bytes, string? Fault)
{
    public override string ToString() => $"{Parser}: {Name}";
}

/// <summary>Bombs, lies and rare but honest forms. Those of weights files that hold programs are in <see cref="HostileWeightsTests"/>, of uploads in HostileUploadTests.</summary>
internal static class OddityCorpus
{
    private static readonly byte[] Text = "a, b"u8.ToArray();

    public static IReadOnlyList<Oddity> All { get; } = [.. Zips(), .. Matrices(), .. Manifests(), .. Heads(), .. Pngs(), .. Jpegs(), .. Bmps(), .. Tables(), .. Tapes()];

    private static IEnumerable<Oddity> Zips()
    {
        Oddity Of(string name, byte[] bytes, string? fault) => new(HostileParsers.Zip, name, bytes, fault);
        var good = HandmadeZip.Write([new ZipPart("a.jpg", Text), new ZipPart("b.jpg", Text)]);
        yield return Of("a program in front of it", [.. new byte[100], .. good], "damaged");
        yield return Of("bytes behind it", [.. good, .. new byte[100]], null);
        yield return Of("another end in its comment", HandmadeZip.Write([new ZipPart("a.jpg", Text)], comment: "PK\x05\x06 and more of it"), null);
        yield return Of("a comment of nothing but ends", [.. good[..^2], 0xFF, 0xFF, .. Enumerable.Repeat<byte[]>([0x50, 0x4B, 5, 6], 16_383).SelectMany(end => end), 0, 0, 0], null);
        yield return Of("ends that all lie", [.. Enumerable.Repeat<byte[]>([0x50, 0x4B, 5, 6, .. new byte[18]], 3000).SelectMany(end => end)], "without files");
        yield return Of("sizes that come behind the data", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Flags = (1 << 11) | (1 << 3) }]), null);
        yield return Of("one entry's data in another's", HandmadeZip.Write([new ZipPart("a.jpg", [.. Text, .. good]), new ZipPart("b.jpg", Text) { Offset = 39 }]), "share bytes");
        yield return Of("many entries of the same data", HandmadeZip.Write([new ZipPart("k", new byte[1000]), .. Enumerable.Range(0, 100).Select(i => new ZipPart($"{i}", []) { Offset = 0, Length = 1000, Compressed = 1000, Crc = 0 })]), "share bytes");
        yield return Of("wide numbers that are negative", Wide(ulong.MaxValue), "no readable 64-bit sizes");
        yield return Of("wide numbers beyond all", Wide(long.MaxValue), "at most");
        yield return Of("an end of 64 bits that is nowhere", [.. good[..^22], .. new byte[4], 0x50, 0x4B, 6, 7, .. new byte[4], .. BitConverter.GetBytes(1UL << 62), 1, 0, 0, 0, .. good[^22..]], "points outside it");
        yield return Of("as many entries as 64 bits can say", HandmadeZip.Write([new ZipPart("a.jpg", Text)], wideEnd: true, entries: -1), "entries");
        yield return Of("a directory before the archive", Directory(good, 0xFFFF_FF00), "does not lie inside");
        yield return Of("a name of the longest length", HandmadeZip.Write([new ZipPart(new string('n', 1024), Text)]), null);
        yield return Of("names that differ in case", HandmadeZip.Write([new ZipPart("a.jpg", Text), new ZipPart("A.JPG", Text)]), null);
        yield return Of("DEFLATE that never ends", HandmadeZip.Write([new ZipPart("a.jpg", Text) { Method = 8, Length = 3 }]), "does not unpack");
        yield return Of("stored bytes that say they are packed", Packed(new ZipPart("a.jpg", [0xFF, 0xFF, 0xFF, 0xFF])), "cannot be unpacked");
    }

    private static IEnumerable<Oddity> Matrices()
    {
        Oddity Of(string name, byte[] elements, string? fault) => new(HostileParsers.Mat, name, [.. Header(), .. elements], fault);
        var nested = Element(1, "x"u8.ToArray());
        for (var depth = 0; depth < 500; depth++)
        {
            nested = Element(14, [.. Element(6, [1, 0, 0, 0, 0, 0, 0, 0]), .. Element(5, [1, 0, 0, 0, 1, 0, 0, 0]), .. Element(1, []), .. nested]);
        }

        yield return Of("cells in cells", nested, null);
        yield return Of("packed elements in a packed element", Packed(Packed(Packed(Matrix(9, new byte[8], 1, 1)))), null);
        yield return Of("a packed element of nothing", Packed([]), "inside an element's tag");
        yield return Of("packed zeros without end", Packed(new byte[8 << 20]), "more than 1048576 bytes");
        yield return Of("every type of number", [.. ((int[])[1, 2, 3, 4, 5, 6, 7, 9, 12, 13]).SelectMany(type => Matrix(type, new byte[4 * Width(type)], 2, 2))], null);
        yield return Of("text where numbers should be", Matrix(16, new byte[8], 2, 2), "but holds");
        yield return Of("three dimensions", Element(14, [.. Element(6, [6, 0, 0, 0, 0, 0, 0, 0]), .. Element(5, new byte[12]), .. Element(1, []), .. Element(9, [])]), null);
        yield return Of("a matrix of nothing", Element(14, []), null);
        yield return Of("a matrix without its numbers", Element(14, [.. Element(6, [6, 0, 0, 0, 0, 0, 0, 0]), .. Element(5, new byte[8])]), "inside an element's tag");
        yield return Of("an element longer than all", [9, 0, 0, 0, 255, 255, 255, 255], "longer than what is left");
        yield return Of("a short element that is long", [9, 0, 200, 0, 0, 0, 0, 0], "impossible length");
        yield return Of("a name that moves the cursor", Element(14, [.. Element(6, [6, 0, 0, 0, 0, 0, 0, 0]), .. Element(5, [3, 0, 0, 0, 3, 0, 0, 0]), .. Element(1, "\u001b[2J"u8.ToArray()), .. Element(9, [])]), "matrix '?[2J' is 3×3");
    }

    private static IEnumerable<Oddity> Manifests()
    {
        Oddity Of(string name, string json, string? fault) => new(HostileParsers.Manifest, name, Encoding.UTF8.GetBytes(json), fault);
        var good = Encoding.UTF8.GetString(HostileParsers.All.Single(parser => parser.Name == HostileParsers.Manifest).Good[0]);
        yield return Of("blanks without end", new string(' ', 3 << 20), "is not JSON");
        yield return Of("blanks in front and behind", $"{new string(' ', 1 << 20)}{good}{new string('\n', 1 << 20)}", null);
        yield return Of("something behind", $"{good} {{}}", "followed by something else");
        yield return Of("a text of megabytes", $$"""{"version":2,"name":"{{new string('n', 3 << 20)}}"}""", "is too long");
        yield return Of("a number of megabytes", $$"""{"version":{{new string('9', 3 << 20)}}}""", "is too long");
        yield return Of("lists in lists", new string('[', 1 << 16), "must be StartObject");
        yield return Of("a version to come", good.Replace("\"version\":4", "\"version\":5", StringComparison.Ordinal), "must be a whole number from 1 to 4");
        yield return Of("a name that is half a character", good.Replace("\"name\":\"test\"", "\"name\":\"\\ud800\"", StringComparison.Ordinal), "is not valid text");
        yield return Of("a comment", "/* */" + good, "is not JSON");
    }

    private static IEnumerable<Oddity> Heads()
    {
        Oddity Of(string name, string json, string? fault, long? length = null, byte[]? data = null)
        {
            var text = Encoding.UTF8.GetBytes(json);
            return new(HostileParsers.Safetensors, name, [.. BitConverter.GetBytes(length ?? text.Length), .. text, .. data ?? []], fault);
        }

        static string Many(int count, Func<int, string> one) => string.Join(',', Enumerable.Range(0, count).Select(one));
        yield return Of("a head of nine megabytes", "{" + new string(' ', 9 << 20), "8388608 are allowed");
        yield return Of("a head longer than the file", "{}", "are allowed", length: 1 << 20);
        yield return Of("lists in lists", $$"""{"w":{{new string('[', 1 << 20)}}""", "not the JSON");
        const string Nothing = """{"dtype":"F32","shape":[0],"data_offsets":[0,0]}""";
        yield return Of("numbers without end", $"{{\"w\":{{\"dtype\":\"F32\",\"shape\":[{Many(1_000_000, _ => "1")}],\"data_offsets\":[0,4]}}}}", "a list of at most 16", data: new byte[4]);
        yield return Of("tensors without end", "{" + Many(60_000, i => $"\"{i}\":{Nothing}") + "}", "60000 tensors");
        yield return Of("a name very often", "{" + Many(60_000, _ => $"\"w\":{Nothing}") + "}", "is there twice");
        yield return Of("sizes that overflow", """{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "does not have");
        yield return Of("tensors that overlap", """{"v":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""", "begins at 2", data: new byte[6]);
        yield return Of("a gap for something else", """{"v":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", "begins at 2", data: new byte[3]);
        yield return Of("something behind the tensors", """{"v":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", "a foreign tail", data: new byte[9]);
        yield return Of("a tensor of nothing", """{"v":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]}}""", null);
        yield return Of("a name that turns the reading direction", "{\"v\u202e\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", "plain characters", data: new byte[1]);
        yield return new(HostileParsers.PytorchTar, "storages described at length", HandmadeTar.Pytorch(storages: LongStorages(20)), "the descriptions of its storages are longer");
        yield return new(HostileParsers.PytorchZip, "safetensors under another name", [.. BitConverter.GetBytes(2L), .. "{}"u8], "0 tensors");
    }

    private static IEnumerable<Oddity> Pngs()
    {
        Oddity Of(string name, byte[] bytes, string? fault) => new(HostileParsers.Png, name, bytes, fault);
        var grey = PngFile.Write(5, 3, 0, 8, new int[15], interlaced: false);
        yield return Of("interlaced", PngFile.Write(9, 9, 0, 8, new int[81], interlaced: true), null);
        yield return Of("65,535 a side", Sized(grey, 65_535, 65_535), "the limit is 8192 a side");
        yield return Of("32 million pixels of nothing", Sized(grey, 8000, 4000), "");
        yield return Of("no width", Sized(grey, 0, 3), "0 x 3 pixels");
        yield return Of("a negative width", Sized(grey, -1, 3), "-1 x 3 pixels");
        yield return Of("a hundred megabytes behind its pixels", PngOf(Header(1, 1, 8, 0), ("IDAT", Deflated(new byte[100 << 20])), ("IEND", [])), null);
        yield return Of("a profile that unpacks to megabytes", PngOf(Header(1, 1, 8, 0), ("iCCP", [.. "p\0\0"u8, .. Deflated(new byte[64 << 20])]), ("zTXt", [.. "t\0\0"u8, .. Deflated(new byte[64 << 20])]), ("IDAT", Deflated(new byte[2])), ("IEND", [])), null);
        yield return Of("chunks without end", PngOf(Header(1, 1, 8, 0), [.. Enumerable.Repeat(("tEXt", Array.Empty<byte>()), 20_000), ("IDAT", Deflated(new byte[2])), ("IEND", [])]), null);
        yield return Of("data in very many pieces", PngOf(Header(1, 1, 8, 0), [.. Deflated(new byte[2]).Select(value => ("IDAT", new[] { value })), ("IEND", [])]), null);
        yield return Of("no palette", PngOf(Header(1, 1, 8, 3), ("IDAT", Deflated(new byte[2])), ("IEND", [])), "palette");
        yield return Of("a palette of none", PngOf(Header(1, 1, 8, 3), ("PLTE", []), ("IDAT", Deflated(new byte[2])), ("IEND", [])), "");
        yield return Of("no data", PngOf(Header(1, 1, 8, 0), ("IEND", [])), "cannot be decoded");
        yield return Of("a filter that is none", PngOf(Header(1, 1, 8, 0), ("IDAT", Deflated([9, 0])), ("IEND", [])), "filter");
        yield return Of("three bits", PngOf(Header(1, 1, 3, 0), ("IDAT", Deflated(new byte[2])), ("IEND", [])), "cannot be decoded");
        yield return Of("a color type that is none", PngOf(Header(1, 1, 8, 5), ("IDAT", Deflated(new byte[2])), ("IEND", [])), "cannot be decoded");
        yield return Of("a sum that is wrong", Changed(grey, 29, 0xAA), "cannot be decoded");
        yield return Of("a chunk longer than all", Changed(grey, 33, 0xFF), "is truncated");
        yield return Of("an end within a text", PngOf(Header(1, 1, 8, 0), ("tEXt", [.. "IEND"u8, 0xAE, 0x42, 0x60, 0x82])), "is truncated");
    }

    private static IEnumerable<Oddity> Jpegs()
    {
        Oddity Of(string name, byte[] bytes, string? fault) => new(HostileParsers.Jpeg, name, bytes, fault);
        var baseline = HostileImages.Golden("jpeg.420");
        var frame = baseline.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        yield return Of("a thousand scans", HostileImages.WithScans(HostileImages.Golden("jpeg.progressive.420"), 1000), "more than 64 scans");
        yield return Of("65,535 a side", Changed(baseline, frame + 5, 0xFF, 0xFF, 0xFF, 0xFF), "the limit is 8192 a side");
        yield return Of("no height, to be said later", Changed(baseline, frame + 5, 0, 0), "x 0 pixels");
        yield return Of("twelve bits", Changed(baseline, frame + 4, 12), "");
        yield return Of("arithmetic coding that is none", Changed(baseline, frame + 1, 0xC9), "");
        yield return Of("lossless coding that is none", Changed(baseline, frame + 1, 0xC3), "cannot be decoded");
        yield return Of("hierarchical", Changed(baseline, frame + 1, 0xC5), "cannot be decoded");
        yield return Of("inks that may be inverted", Changed(baseline, frame + 9, 4), "CMYK");
        yield return Of("two components", Changed(baseline, frame + 9, 2), "");
        yield return Of("two frames", [.. baseline[..frame], .. baseline[frame..(frame + 19)], .. baseline[frame..]], "cannot be decoded");
        yield return Of("comments without end", [.. baseline[..2], .. Enumerable.Repeat<byte[]>([0xFF, 0xFE, 0, 2], 20_000).SelectMany(comment => comment), .. baseline[2..]], null);
        yield return Of("fill bytes without end", [.. baseline[..2], .. Enumerable.Repeat((byte)0xFF, 100_000), .. baseline[2..]], "");
        yield return Of("a segment of no length", [.. baseline[..2], 0xFF, 0xFE, 0, 0, .. baseline[2..]], "");
        yield return Of("a scan before its size", [.. baseline[..2], 0xFF, 0xDA, 0, 2, .. baseline[2..]], "a scan before its size");
        yield return Of("nothing but an end", [0xFF, 0xD8, 0xFF, 0xD9], "does not say its size");
        yield return Of("restarts at every block", [.. baseline[..2], 0xFF, 0xDD, 0, 4, 0, 1, .. baseline[2..]], "");
    }

    private static IEnumerable<Oddity> Bmps()
    {
        Oddity Of(string name, byte[] bytes, string? fault) => new(HostileParsers.Bmp, name, bytes, fault);
        var good = UploadFiles.Bmp(8, 4, 1);
        yield return Of("top to bottom", Changed(good, 22, 0xFC, 0xFF, 0xFF, 0xFF), null);
        yield return Of("65,535 a side", Changed(good, 18, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 0), "the limit is 8192 a side");
        yield return Of("a height that cannot be turned", Changed(good, 22, 0, 0, 0, 0x80), "x 0 pixels");
        yield return Of("a width of 2^31", Changed(good, 18, 0, 0, 0, 0x80), "is damaged");
        yield return Of("run lengths", Changed(good, 30, 1), "compressed BMP");
        yield return Of("pixels outside", Changed(good, 10, 0xFF, 0xFF, 0xFF, 0x7F), "is truncated");
        yield return Of("pixels in the header", Changed(good, 10, 2, 0, 0, 0), "");
        yield return Of("a header of its own length", Changed(good, 14, 0xFF, 0xFF, 0xFF, 0x7F), "cannot be decoded");
        yield return Of("three bits", Changed(good, 28, 3), "3 bits a pixel");
        yield return Of("colors that are not there", Palette(), "");
        yield return Of("masks of nothing", [.. Changed(good, 28, 16, 0, 3)[..54], .. new byte[12], .. good[54..]], "");
    }

    private static IEnumerable<Oddity> Tables()
    {
        Oddity Of(string name, string table, string? fault) => new(HostileParsers.Csv, name, Encoding.UTF8.GetBytes(table), fault);
        const string Head = "path,identity,camera,split\n";
        yield return Of("a million columns", new string(',', 1_000_000), "more than 64 fields");
        yield return Of("a line of megabytes", $"{Head}{new string('a', 4 << 20)},x,1,train", "files that are not there");
        yield return Of("quotes without end", $"{Head}\"{string.Concat(Enumerable.Repeat("\"\"", 1 << 20))}", "does not end");
        yield return Of("zeros", $"{Head}\0,x,1,train", "a control character");
        yield return Of("zeros in an identity", $"{Head}a.png,\0,1,train", "a control character");
        yield return Of("every line end", "path,identity,camera,split\ra.png,x,1,train\nb.png,x,1,train\r\nc.png,y,1,train\n\r\n\r", null);
        yield return Of("a mark in front", $"\uFEFF{Head}a.png,x,1,train", null);
        yield return Of("two marks in front", $"\uFEFF\uFEFF{Head}a.png,x,1,train", "is not known");
        yield return Of("very many bad lines", $"{Head}{string.Concat(Enumerable.Repeat("z.png,x,1,train\n", 20_000))}", "files that are not there");
        yield return Of("one file very often", $"{Head}{string.Concat(Enumerable.Repeat("a.png,x,1,train\n", 20_000))}", null);
        yield return Of("one file very often in a tracklet", $"{Head.TrimEnd()},tracklet\n{string.Concat(Enumerable.Repeat("a.png,x,1,train,t\n", 20_000))}", null);
        yield return new(HostileParsers.Csv, "UTF-16", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Head)).ToArray(), "is not UTF-8");
        yield return new(HostileParsers.Csv, "an archive", HandmadeZip.Write([new ZipPart("a.jpg", Text)]), "manifest.csv");
    }

    private static IEnumerable<Oddity> Tapes()
    {
        Oddity Of(string name, byte[] bytes, string? fault) => new(HostileParsers.Tar, name, bytes, fault);
        var file = HandmadeTar.Member("a.jpg", [1, 2, 3]);
        byte[] Headers(int count, char kind) => [.. Enumerable.Repeat(HandmadeTar.Member("h", [], kind), count).SelectMany(header => header)];
        yield return Of("a few headers in front", [.. Headers(15, 'x'), .. file, .. new byte[1024]], null);
        yield return Of("headers without end", [.. Headers(2000, 'x'), .. file, .. new byte[1024]], "more than 16 headers");
        yield return Of("headers for all without end", [.. Headers(2000, 'g'), .. file, .. new byte[1024]], "more than 16 headers");
        yield return Of("zeros without end", [.. file, .. new byte[65 << 20]], "zeros");
        yield return Of("a link that moves the cursor", [.. HandmadeTar.Member("\u001b[2J", [], '2'), .. new byte[1024]], "must not have a control character");
        yield return Of("a device", [.. HandmadeTar.Member("a", [], '3'), .. new byte[1024]], "is of kind '3'");
        yield return Of("nothing", new byte[1024], null);
        yield return Of("a zip", HandmadeZip.Write([new ZipPart(new string('n', 600), Text)]), "a header has a number that cannot be read");
        yield return Of("a file of more than it may have", [.. HandmadeTar.Member("a", [], size: 2 << 20), .. new byte[1024]], "at most 1048576 are read");
    }

    /// <summary>So many storages of a mebibyte of description and one number each.</summary>
    private static byte[] LongStorages(int count) =>
    [
        .. new PickleBytes().Number(count).Done(),
        .. Enumerable.Range(0, count).SelectMany(key => (byte[])
        [
            .. new PickleBytes().Number(key).Text(new string('d', 1 << 20)).Global("torch", "FloatStorage").Add(0x87).Done(), .. BitConverter.GetBytes(1L), .. new byte[4],
        ]),
        .. new PickleBytes().Add("]").Done(),
    ];

    private static byte[] Changed(byte[] good, int at, params byte[] bytes)
    {
        byte[] changed = [.. good];
        bytes.CopyTo(changed, at);
        return changed;
    }

    /// <summary>An entry whose sizes and place stand in its extra field, as this number.</summary>
    private static byte[] Wide(ulong number)
    {
        var zip = HandmadeZip.Write([new ZipPart("a.jpg", Text) { Wide = true }], wideEnd: true);
        var extra = zip.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[1, 0, 24, 0]);
        BinaryPrimitives.WriteUInt64LittleEndian(zip.AsSpan(extra + 4), number);
        return zip;
    }

    private static byte[] Packed(ZipPart part)
    {
        var zip = HandmadeZip.Write([part]);
        var directory = zip.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x50, 0x4B, 1, 2]);
        zip[directory + 10] = 8;
        return zip;
    }

    private static byte[] Directory(byte[] zip, uint offset)
    {
        byte[] moved = [.. zip];
        BinaryPrimitives.WriteUInt32LittleEndian(moved.AsSpan(^6..), offset);
        return moved;
    }

    private static byte[] Header()
    {
        var header = new byte[128];
        (header[125], header[126], header[127]) = (1, (byte)'I', (byte)'M');
        return header;
    }

    private static int Width(int type) => type switch { 1 or 2 => 1, 3 or 4 => 2, 5 or 6 or 7 => 4, _ => 8 };

    private static byte[] Matrix(int type, byte[] numbers, int rows, int columns) => Element(
        14, [.. Element(6, [6, 0, 0, 0, 0, 0, 0, 0]), .. Element(5, [.. BitConverter.GetBytes(rows), .. BitConverter.GetBytes(columns)]), .. Element(1, [(byte)('a' + type)]), .. Element(type, numbers)]);

    private static byte[] Element(int type, byte[] bytes) =>
        [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(bytes.Length), .. bytes, .. new byte[(8 - (bytes.Length % 8)) % 8]];

    private static byte[] Packed(byte[] element)
    {
        var packed = Deflated(element);
        return [15, 0, 0, 0, .. BitConverter.GetBytes(packed.Length), .. packed];
    }

    private static byte[] Deflated(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Header(int width, int height, byte bits, byte color)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, color);
        return header;
    }

    private static byte[] PngOf(byte[] header, params (string Type, byte[] Data)[] chunks)
    {
        var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        PngFile.Chunk(file, "IHDR"u8, header);
        foreach (var (type, data) in chunks)
        {
            PngFile.Chunk(file, Encoding.ASCII.GetBytes(type), data);
        }

        return file.ToArray();
    }

    /// <summary>With its sum.</summary>
    private static byte[] Sized(byte[] png, int width, int height) =>
        [.. PngOf(Header(width, height, png[24], png[25])), .. png[33..]];

    /// <summary>A bitmap of one color that names another.</summary>
    private static byte[] Palette()
    {
        var file = new byte[54 + 4 + 8];
        UploadFiles.Bmp(2, 1, 1).AsSpan(0, 54).CopyTo(file);
        (file[10], file[28], file[46]) = (58, 8, 1);
        file[58] = 200;
        return file;
    }
}
