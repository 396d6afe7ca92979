using System.Buffers.Binary;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Offline;

/// <summary>
/// Packs the training of SYSU-MM01 as the usual pre-processing does (spec of the data sets §1.6): of each modality the images at 144 × 288 by Pillow's Lanczos filter, in the order of persons, cameras and names, and their
/// labels, the ranks of the persons. The same data set gives the same bytes. The four files appear together when they are whole.
/// </summary>
internal static class SysuPack
{
    /// <summary>So many are in memory, sixteen megabytes.</summary>
    private const int ImagesAtOnce = 128;

    /// <param name="progress">How many images are packed.</param>
    /// <returns>The files, with their shapes.</returns>
    /// <exception cref="CommandException">The training cannot be labeled so.</exception>
    /// <exception cref="ImageException">A frame is no image.</exception>
    public static IReadOnlyList<PackedArray> Write(LocalUpload upload, string folder, IProgress<int>? progress, CancellationToken cancellation)
    {
        var manifest = upload.Manifest;
        var labels = manifest.TrainingIdentities.Index().ToDictionary(identity => identity.Item, identity => identity.Index);
        var modalities = manifest.Of(Split.Train).ToLookup(tracklet => manifest.Cameras[tracklet.Camera].Modality);
        foreach (var modality in Enum.GetValues<Modality>())
        {
            var lacking = labels.Keys.Except(modalities[modality].Select(tracklet => tracklet.Identity)).Select(identity => manifest.Identities[identity]).ToList();
            if (lacking.Count > 0)
            {
                throw CommandException.Mistake(
                    $"person {ForeignText.Shown(lacking[0])}{(lacking.Count > 1 ? $" and {lacking.Count - 1} others have" : " has")} no {modality.ToString().ToLowerInvariant()} training image, so ranks would not say who is meant",
                    "add the images, or take the persons off exp/train_id and val_id");
            }
        }

        var written = new List<PackedArray>();
        var done = 0;
        try
        {
            foreach (var (images, labelsName, modality) in SysuArrayNames.All)
            {
                Tracklet[] tracklets = [.. modalities[modality]];
                written.Add(WriteFile(folder, images, new NpyHead(SysuArrayNames.ImageType, [tracklets.Length, ArrayFrame.Height, ArrayFrame.Width, ArrayFrame.Channels]), file =>
                {
                    foreach (var some in tracklets.Chunk(ImagesAtOnce))
                    {
                        cancellation.ThrowIfCancellationRequested();
                        file.Write(Pack(upload, some));
                        progress?.Report(done += some.Length);
                    }
                }));
                written.Add(WriteFile(folder, labelsName, new NpyHead(SysuArrayNames.LabelType, [tracklets.Length]), file =>
                {
                    var bytes = new byte[sizeof(long)];
                    foreach (var tracklet in tracklets)
                    {
                        BinaryPrimitives.WriteInt64LittleEndian(bytes, labels[tracklet.Identity]);
                        file.Write(bytes);
                    }
                }));
            }

            foreach (var file in written)
            {
                File.Move(Aside(folder, file.Name), Path.Combine(folder, file.Name), overwrite: true);
            }

            return written;
        }
        finally
        {
            foreach (var (images, labelsName, _) in SysuArrayNames.All)
            {
                File.Delete(Aside(folder, images));
                File.Delete(Aside(folder, labelsName));
            }
        }
    }

    private static string Aside(string folder, string name) => Path.Combine(folder, $"{name}.part");

    private static PackedArray WriteFile(string folder, string name, NpyHead head, Action<Stream> write)
    {
        using var file = File.Create(Aside(folder, name));
        file.Write(head.ToBytes());
        write(file);
        return new PackedArray(name, head.Type, head.Shape, file.Length);
    }

    private static byte[] Pack(LocalUpload upload, Tracklet[] tracklets)
    {
        var pixels = new byte[tracklets.Length * ArrayFrame.Length];
        FrameTensor.InParallel(tracklets.Length, place =>
        {
            var frame = upload.Manifest.Frames[tracklets[place].FirstFrame];
            var picture = ImageDecoder.Decode(upload.Read(frame), frame.Name);
            PillowResize.Resize(
                picture.Pixels, picture.Width, picture.Height, pixels.AsSpan(place * ArrayFrame.Length, ArrayFrame.Length), ArrayFrame.Width, ArrayFrame.Height, ResizeFilter.Lanczos);
        });
        return pixels;
    }
}

/// <summary>A file that was written.</summary>
internal sealed record PackedArray(string Name, string Type, IReadOnlyList<long> Shape, long Length);
