using System.IO.Compression;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Cli.Api;

/// <summary>
/// CUHK03's cuhk-03.mat as a .zip of what <see cref="Cuhk03Layout"/> reads: every crop a PNG, pixel for pixel, and the classic splits as a list. Made crop by crop while it is being sent.
/// </summary>
internal sealed class Cuhk03Archive(string name, string path) : PushedFile(name, new FileInfo(path).Length)
{
    private const string Folder = "cuhk03";
    private const int CropsAtOnce = 64;

    public override Task ReadAsync(Func<Stream, Task> read, CancellationToken cancellationToken) => ZipOnTheWay.ReadAsync(
        async (archive, stop) =>
        {
            await using var file = File.OpenRead(path);
            try
            {
                var source = Cuhk03MatFile.Open(file, path);

                // Small, and where the file is another one it says so before anything is sent.
                await AddAsync(archive, Cuhk03Layout.TestSets, new MemoryStream(Encoding.ASCII.GetBytes(string.Concat(source.TestSets().Select(line => line + "\n")))), stop);
                foreach (var crops in source.Crops().Chunk(CropsAtOnce))
                {
                    // Packing takes longer than reading and sending.
                    var images = new byte[crops.Length][];
                    Parallel.For(0, crops.Length, new ParallelOptions { CancellationToken = stop }, place => images[place] = Png(crops[place]));
                    foreach (var (crop, image) in crops.Zip(images))
                    {
                        await AddAsync(archive, $"{crop.Kind}/{crop.Name}", new MemoryStream(image), stop);
                    }
                }
            }
            catch (Hdf5Exception exception)
            {
                throw CommandException.Mistake(exception.Message);
            }
        },
        read,
        cancellationToken);

    private static byte[] Png(Cuhk03Crop crop)
    {
        using var png = new MemoryStream();
        ImageEncoder.WritePng(new RgbImage(crop.Width, crop.Height, crop.Pixels), png);
        return png.ToArray();
    }

    private static Task AddAsync(ZipArchive archive, string file, Stream content, CancellationToken stop) => archive.AddAsync($"{Folder}/{file}", content, stop);
}
