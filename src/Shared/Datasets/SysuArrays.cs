using System.Buffers.Binary;
using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>
/// The training of SYSU-MM01 as the usual pre-processing packs it (spec of the data sets §1.6): of each modality an array of images, bytes of [n, 288, 144, 3], and one of labels, the ranks of the persons. Which of the cameras of a
/// modality saw whom is lost, so there is one camera of each.
/// </summary>
internal sealed class SysuArrays
{
    private const int LongestHead = 4096;
    private const int LongestLabels = 16 << 20;

    private readonly List<(Camera Camera, string Folder, int[] Labels)> _parts = [];

    private SysuArrays(FileListing files) => Files = files;

    /// <summary>The upload's files, but in place of each array its images, as if it were a folder of them.</summary>
    public FileListing Files { get; private set; }

    /// <summary>All four.</summary>
    public static IEnumerable<string> Names => SysuArrayNames.All.SelectMany(array => new[] { array.Images, array.Labels });

    public static bool AreIn(FileListing files) => Names.All(name => files.RootOf(name) is not null);

    /// <exception cref="DatasetException">An array is not what the pre-processing writes.</exception>
    public static SysuArrays Open(FileListing files)
    {
        var arrays = new SysuArrays(files);
        foreach (var (images, labels, modality) in SysuArrayNames.All)
        {
            var (imagesPath, labelsPath) = (files.RootOf(images) + images, files.RootOf(labels) + labels);
            var frames = FramesOf(files, imagesPath);
            arrays._parts.Add((new Camera(modality.ToString().ToLowerInvariant(), modality), imagesPath, LabelsOf(files, labelsPath, frames.Length, imagesPath)));
            arrays.Files = arrays.Files.InPlaceOf(imagesPath, frames);
        }

        return arrays;
    }

    /// <summary>Tracklets of one image each, by labels; of one label those of the visible array first.</summary>
    /// <param name="persons">By label.</param>
    public void AddTo(ManifestDraft draft, IReadOnlyList<int> persons)
    {
        var infrared = _parts[^1].Labels.Distinct().Count();
        if (infrared != persons.Count || _parts.Any(part => part.Labels.Any(label => label < 0 || label >= persons.Count)))
        {
            Fault(draft, $"{SysuArrayNames.All[^1].Labels} has labels of {infrared} persons from {_parts.Min(part => part.Labels.DefaultIfEmpty(0).Min())} to {_parts.Max(part => part.Labels.DefaultIfEmpty(0).Max())}, and exp/train_id and val_id have {persons.Count} persons");
            return;
        }

        var places = _parts.Select(part => part.Labels.Index().ToLookup(label => label.Item, label => label.Index)).ToArray();
        var first = _parts.Select(part => draft.Files.IndexOf(NameOf(part.Folder, 0))).ToArray();
        foreach (var (label, person) in persons.Index())
        {
            for (var part = 0; part < places.Length; part++)
            {
                foreach (var place in places[part][label])
                {
                    draft.Add(Split.Train, SysuImage.Show(person), _parts[part].Camera, [first[part] + place]);
                }
            }
        }
    }

    /// <summary>In the order of the array, and so that this is the order of the names.</summary>
    private static string NameOf(string array, int place) => string.Create(CultureInfo.InvariantCulture, $"{array}/{place:D8}");

    private static FrameSource[] FramesOf(FileListing files, string path)
    {
        var file = files.Files[files.IndexOf(path)];
        var (head, start) = files.ReadHead(path, LongestHead);
        var array = HeadOf(head, path, out var from);
        if (array is not { Type: SysuArrayNames.ImageType, Shape: [var count, ArrayFrame.Height, ArrayFrame.Width, ArrayFrame.Channels] } || count == 0)
        {
            throw Refusal(path, $"holds {Shown(array)}; wanted are images as bytes of [n, {ArrayFrame.Height}, {ArrayFrame.Width}, {ArrayFrame.Channels}], numpy.uint8");
        }

        if (file.Length - from != count * ArrayFrame.Length)
        {
            throw Refusal(path, $"says {count} images, but has {file.Length - from} bytes of them instead of {count * ArrayFrame.Length}: it is cut off, or has a foreign tail");
        }

        return count <= IngestLimits.Files
            ? [.. Enumerable.Range(0, (int)count).Select(place => new FrameSource(
                NameOf(path, place), file.Blob, start + from + ((long)place * ArrayFrame.Length), ArrayFrame.Length, ArrayFrame.Length, FrameEncoding.Pixels, 0))]
            : throw Refusal(path, $"says {count} images; at most {IngestLimits.Files} are read");
    }

    private static int[] LabelsOf(FileListing files, string path, int count, string images)
    {
        var content = files.Read(path, LongestLabels);
        var array = HeadOf(content, path, out var from);
        var width = array.Type == SysuArrayNames.LabelType ? sizeof(long) : sizeof(int);
        if (array is not { Type: SysuArrayNames.LabelType or "<i4", Shape: [var labels] } || content.Length - from != labels * width)
        {
            throw Refusal(path, $"holds {Shown(array)} and {content.Length - from} bytes of them; wanted is a label of each image, numpy.int64");
        }

        if (labels != count)
        {
            throw Refusal(path, $"has {labels} labels of the {count} images in {images}");
        }

        return [.. Enumerable.Range(0, count).Select(place => Label(content.AsSpan(from + (place * width), width)))];
    }

    /// <summary>What is no label of anybody is −1.</summary>
    private static int Label(ReadOnlySpan<byte> bytes) =>
        (bytes.Length == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes)) is var label and >= 0 and < int.MaxValue ? (int)label : -1;

    private static NpyHead HeadOf(byte[] content, string path, out int length)
    {
        using var stream = new MemoryStream(content, writable: false);
        try
        {
            var head = NpyHead.Read(stream);
            length = (int)stream.Position;
            return head;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw Refusal(path, $"cannot be read: {(exception is EndOfStreamException ? "it ends within its head" : exception.Message)}");
        }
    }

    private static string Shown(NpyHead head) => $"'{ForeignText.Shown(head.Type, 20)}' of [{ForeignText.Shown(string.Join(", ", head.Shape), 100)}]";

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(FindingSeverity.Error, "sysu-arrays", "labels of the arrays do not say who is meant: take arrays and lists of one data set", where);

    private static DatasetException Refusal(string path, string fault) => new(new Finding(
        FindingSeverity.Error, "bad-array", $"{ForeignText.Shown(path)} {fault}. Write it anew by the data set's pre-processing, or by `reid dataset pack`.", 1, [ForeignText.Shown(path)]));
}
