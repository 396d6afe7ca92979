using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ReidCloud.Tests.Testing;

/// <summary>Data sets of a few tiny pictures, brought in through the API as a client does.</summary>
internal static class ApiDatasets
{
    public const string Archive = "set.zip";

    /// <summary>A table beside its pictures: each identity of training, and one more to be searched for, seen by two cameras.</summary>
    public static byte[] Zip(params string[] identities)
    {
        var table = new StringBuilder("path,identity,camera,split\n");
        var files = new Dictionary<string, byte[]>();
        (string Identity, string Camera, string Split)[] rows =
        [
            .. identities.SelectMany(identity => new[] { (identity, "a", "train"), (identity, "b", "train") }),
            ("wanted", "a", "query"),
            ("wanted", "b", "gallery"),
        ];
        foreach (var (identity, camera, split) in rows)
        {
            var path = $"{split}/{identity}-{camera}.bmp";
            table.Append($"{path},{identity},{camera},{split}\n");
            files[path] = Bitmap((byte)files.Count);
        }

        return Zip([("manifest.csv", Encoding.UTF8.GetBytes(table.ToString())), .. files.Select(file => (file.Key, file.Value))]);
    }

    public static byte[] Zip(IEnumerable<(string Name, byte[] Bytes)> files)
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }

        return buffer.ToArray();
    }

    /// <summary>32 × 32 pixels of one shade.</summary>
    public static byte[] Bitmap(byte shade)
    {
        const int Side = 32;
        const int Head = 54;
        var bytes = new byte[Head + (Side * Side * 3)];
        bytes.AsSpan(Head).Fill(shade);
        "BM"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(10), Head);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), Side);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), Side);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(28), 24);
        return bytes;
    }

    /// <summary>Asks for an address and puts the bytes there.</summary>
    public static async Task UploadAsync(this ApiServer api, string dataset, byte[] bytes, string file = Archive)
    {
        var offer = await api.JsonAsync(HttpMethod.Post, $"/api/datasets/{dataset}/uploads", 200, JsonSerializer.Serialize(new { file }));
        using var request = new HttpRequestMessage(HttpMethod.Put, offer.GetProperty("url").GetString()) { Content = new ByteArrayContent(bytes) };
        foreach (var header in offer.GetProperty("headers").EnumerateObject())
        {
            request.Headers.Add(header.Name, header.Value.GetString());
        }

        using var client = new HttpClient();
        using var response = await client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A data set that runs can use.</summary>
    public static async Task AddDatasetAsync(this ApiServer api, string dataset, params string[] identities)
    {
        await api.UploadAsync(dataset, Zip(identities));
        await api.JsonAsync(HttpMethod.Put, $"/api/datasets/{dataset}");
    }
}
