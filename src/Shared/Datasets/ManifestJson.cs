using System.Text.Json;

namespace ReidCloud.Datasets;

/// <summary>
/// The manifest as a blob: JSON by columns, so that a million frames are a handful of long lists and not a million objects. Written and read as a stream.
/// Reading trusts nothing: order and names of members, lengths of columns and every index are checked. Version 1 has neither times nor counts of query images; versions 1 and 2 have
/// no variant, no blobs of other data sets, and do not count what may be matched. Versions up to 3 have no drawn galleries.
/// </summary>
public static class ManifestJson
{
    private const int Version = 4;
    private const int FlushAt = 1 << 18;
    private const int MostFrames = 50_000_000;
    private const int NoTime = -1;
    private const string None = "";
    private const int Counted = 5;
    private const int MostDraws = 1000;

    public static void Write(Stream stream, DatasetManifest manifest)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        writer.WriteNumber("version", Version);
        writer.WriteString("name", manifest.Name);
        writer.WriteString("layout", manifest.Layout);
        writer.WriteString("variant", manifest.Variant ?? None);
        writer.WriteString("hash", manifest.Hash);
        Column(writer, "identities", manifest.Identities, static (to, identity) => to.WriteStringValue(identity));
        Objects(
            writer, "cameras",
            () => Column(writer, "name", manifest.Cameras, static (to, camera) => to.WriteStringValue(camera.Name)),
            () => Column(writer, "modality", manifest.Cameras, static (to, camera) => to.WriteNumberValue((int)camera.Modality)));
        Objects(
            writer, "blobs",
            () => Column(writer, "name", manifest.Blobs, static (to, blob) => to.WriteStringValue(blob.Name)),
            () => Column(writer, "length", manifest.Blobs, static (to, blob) => to.WriteNumberValue(blob.Length)),
            () => Column(writer, "etag", manifest.Blobs, static (to, blob) => to.WriteStringValue(blob.ETag)),
            () => Column(
                writer, "dataset", manifest.Blobs.Any(blob => blob.Dataset is not null) ? manifest.Blobs : [],
                static (to, blob) => to.WriteStringValue(blob.Dataset ?? None)));
        Objects(
            writer, "frames",
            () => Column(writer, "name", manifest.Frames, static (to, frame) => to.WriteStringValue(frame.Name)),
            () => Column(writer, "blob", manifest.Frames, static (to, frame) => to.WriteNumberValue(frame.Blob)),
            () => Column(writer, "offset", manifest.Frames, static (to, frame) => to.WriteNumberValue(frame.Offset)),
            () => Column(writer, "compressed", manifest.Frames, static (to, frame) => to.WriteNumberValue(frame.CompressedLength)),
            () => Column(writer, "length", manifest.Frames, static (to, frame) => to.WriteNumberValue(frame.Length)),
            () => Column(writer, "encoding", manifest.Frames, static (to, frame) => to.WriteNumberValue((int)frame.Encoding)),
            () => Column(writer, "crc", manifest.Frames, static (to, frame) => to.WriteNumberValue(frame.Crc32)));
        Objects(
            writer, "tracklets",
            () => Column(writer, "split", manifest.Tracklets, static (to, tracklet) => to.WriteNumberValue((int)tracklet.Split)),
            () => Column(writer, "identity", manifest.Tracklets, static (to, tracklet) => to.WriteNumberValue(tracklet.Identity)),
            () => Column(writer, "camera", manifest.Tracklets, static (to, tracklet) => to.WriteNumberValue(tracklet.Camera)),
            () => Column(writer, "first", manifest.Tracklets, static (to, tracklet) => to.WriteNumberValue(tracklet.FirstFrame)),
            () => Column(writer, "count", manifest.Tracklets, static (to, tracklet) => to.WriteNumberValue(tracklet.FrameCount)),
            () => Column(
                writer, "time", manifest.Tracklets.Any(tracklet => tracklet.Time is not null) ? manifest.Tracklets : [],
                static (to, tracklet) => to.WriteNumberValue(tracklet.Time ?? NoTime)));
        Objects(
            writer, "draws",
            () => Column(writer, "count", manifest.GalleryDraws, static (to, draw) => to.WriteNumberValue(draw.Count)),
            () => Column(writer, "frame", [.. manifest.GalleryDraws.SelectMany(draw => draw)], static (to, frame) => to.WriteNumberValue(frame)));
        var findings = manifest.Diagnosis.Findings;
        Objects(
            writer, "diagnosis",
            () => Counts(writer, "train", manifest.Diagnosis.Train),
            () => Counts(writer, "query", manifest.Diagnosis.Query),
            () => Counts(writer, "gallery", manifest.Diagnosis.Gallery),
            () => Counts(writer, "queryImage", manifest.Diagnosis.QueryImage),
            () => Counts(writer, "multiQuery", manifest.Diagnosis.MultiQuery),
            () => Matches(writer, manifest.Diagnosis.Matches),
            () => Column(writer, "severity", findings, static (to, finding) => to.WriteNumberValue((int)finding.Severity)),
            () => Column(writer, "code", findings, static (to, finding) => to.WriteStringValue(finding.Code)),
            () => Column(writer, "message", findings, static (to, finding) => to.WriteStringValue(finding.Message)),
            () => Column(writer, "count", findings, static (to, finding) => to.WriteNumberValue(finding.Count)),
            () => Column(writer, "examples", findings, static (to, finding) =>
            {
                to.WriteStartArray();
                foreach (var example in finding.Examples)
                {
                    to.WriteStringValue(example);
                }

                to.WriteEndArray();
            }));
        writer.WriteEndObject();
    }

    /// <exception cref="ManifestFormatException">The text is not a manifest that holds together.</exception>
    public static DatasetManifest Read(Stream stream)
    {
        var json = new JsonStream(stream);
        json.Expect(JsonTokenType.StartObject);
        json.Member("version", "$.version");
        var version = json.ReadInt64(1, Version);
        var name = Text(ref json, "name");
        var layout = Text(ref json, "layout");
        var variant = version > 2 ? Text(ref json, "variant") : None;
        var hash = Text(ref json, "hash");
        var identities = Strings(ref json, "identities", "$.identities");
        var cameras = ReadCameras(ref json);
        var blobs = ReadBlobs(ref json, version);
        var frames = ReadFrames(ref json, blobs);
        var tracklets = ReadTracklets(ref json, identities.Count, cameras.Length, frames.Length, version);
        var draws = version > 3 ? ReadDraws(ref json, frames.Length) : [];
        var diagnosis = ManifestDiagnoser.WithSensors(ReadDiagnosis(ref json, version), tracklets, cameras);
        json.Expect(JsonTokenType.EndObject);
        json.ExpectEnd();
        return new DatasetManifest(name, layout, hash, identities, cameras, blobs, frames, tracklets, diagnosis)
        {
            Variant = variant == None ? null : variant,
            GalleryDraws = draws,
        };
    }

    private static Camera[] ReadCameras(ref JsonStream json)
    {
        Open(ref json, "cameras");
        var names = Strings(ref json, "name", "$.cameras.name");
        var modalities = Numbers(ref json, "modality", "$.cameras.modality", 0, (int)Modality.Infrared, names.Count);
        json.Expect(JsonTokenType.EndObject);
        return [.. names.Zip(modalities, (name, modality) => new Camera(name, (Modality)modality))];
    }

    private static DatasetBlob[] ReadBlobs(ref JsonStream json, long version)
    {
        Open(ref json, "blobs");
        var names = Strings(ref json, "name", "$.blobs.name");
        var lengths = Numbers(ref json, "length", "$.blobs.length", 0, long.MaxValue, names.Count);
        var tags = Strings(ref json, "etag", "$.blobs.etag", names.Count);
        var owners = version > 2 ? ReadOwners(ref json, names.Count) : [];
        json.Expect(JsonTokenType.EndObject);
        return [.. names.Select((name, place) => new DatasetBlob(name, lengths[place], tags[place]) { Dataset = owners.Count == 0 || owners[place] == None ? null : owners[place] })];
    }

    /// <summary>Whose uploads they are: nothing names a blob here that is not the name of a data set. Or the column is empty, and all are its own.</summary>
    private static List<string> ReadOwners(ref JsonStream json, int blobs)
    {
        var owners = Strings(ref json, "dataset", "$.blobs.dataset");
        if (owners.Count > 0 && owners.Count != blobs)
        {
            throw json.Fault($"has {owners.Count} entries, its neighbours {blobs}");
        }

        return owners.FindIndex(owner => owner != None && !DatasetName.IsValid(owner)) is var bad and >= 0
            ? throw new ManifestFormatException($"$.blobs.dataset[{bad}]", "is not the name of a data set")
            : owners;
    }

    private static FrameSource[] ReadFrames(ref JsonStream json, DatasetBlob[] blobs)
    {
        Open(ref json, "frames");
        var names = Strings(ref json, "name", "$.frames.name");
        var frames = new FrameSource[names.Count];
        for (var i = 0; i < frames.Length; i++)
        {
            frames[i] = new FrameSource(names[i], 0, 0, 0, 0, FrameEncoding.Loose, 0);
        }

        names.Clear();
        Fill(ref json, frames, "blob", "$.frames.blob", 0, blobs.Length - 1, static (ref FrameSource frame, long value) => frame = frame with { Blob = (int)value });
        Fill(ref json, frames, "offset", "$.frames.offset", 0, long.MaxValue, static (ref FrameSource frame, long value) => frame = frame with { Offset = value });
        Fill(
            ref json, frames, "compressed", "$.frames.compressed", 0, int.MaxValue,
            static (ref FrameSource frame, long value) => frame = frame with { CompressedLength = value });
        Fill(ref json, frames, "length", "$.frames.length", 0, int.MaxValue, static (ref FrameSource frame, long value) => frame = frame with { Length = value });
        Fill(
            ref json, frames, "encoding", "$.frames.encoding", 0, (int)FrameEncoding.Pixels,
            static (ref FrameSource frame, long value) => frame = frame with { Encoding = (FrameEncoding)value });
        Fill(ref json, frames, "crc", "$.frames.crc", 0, uint.MaxValue, static (ref FrameSource frame, long value) => frame = frame with { Crc32 = (uint)value });
        json.Expect(JsonTokenType.EndObject);
        for (var i = 0; i < frames.Length; i++)
        {
            if (frames[i].Offset > blobs[frames[i].Blob].Length - frames[i].CompressedLength)
            {
                throw new ManifestFormatException($"$.frames[{i}]", $"lies outside blob '{blobs[frames[i].Blob].Name}'");
            }

            if (frames[i] is { Encoding: FrameEncoding.Pixels } and not { Length: ArrayFrame.Length, CompressedLength: ArrayFrame.Length })
            {
                throw new ManifestFormatException($"$.frames[{i}]", $"has not the {ArrayFrame.Length} bytes of the pixels in an array");
            }
        }

        return frames;
    }

    private static Tracklet[] ReadTracklets(ref JsonStream json, int identities, int cameras, int frames, long version)
    {
        Open(ref json, "tracklets");
        var splits = Numbers(ref json, "split", "$.tracklets.split", 0, (int)Split.MultiQuery, null);
        var tracklets = new Tracklet[splits.Count];
        for (var i = 0; i < tracklets.Length; i++)
        {
            tracklets[i] = new Tracklet((Split)splits[i], 0, 0, 0, 0);
        }

        Fill(
            ref json, tracklets, "identity", "$.tracklets.identity", Tracklet.Distractor, identities - 1,
            static (ref Tracklet tracklet, long value) => tracklet = tracklet with { Identity = (int)value });
        Fill(
            ref json, tracklets, "camera", "$.tracklets.camera", 0, cameras - 1,
            static (ref Tracklet tracklet, long value) => tracklet = tracklet with { Camera = (int)value });
        Fill(
            ref json, tracklets, "first", "$.tracklets.first", 0, frames - 1,
            static (ref Tracklet tracklet, long value) => tracklet = tracklet with { FirstFrame = (int)value });
        Fill(
            ref json, tracklets, "count", "$.tracklets.count", 1, frames,
            static (ref Tracklet tracklet, long value) => tracklet = tracklet with { FrameCount = (int)value });
        if (version > 1)
        {
            ReadTimes(ref json, tracklets);
        }

        json.Expect(JsonTokenType.EndObject);
        if (tracklets.Sum(tracklet => (long)tracklet.FrameCount) > IngestLimits.Frames)
        {
            throw json.Fault($"has tracklets of more than {IngestLimits.Frames} frames");
        }

        var outside = Array.FindIndex(tracklets, tracklet => tracklet.FirstFrame > frames - tracklet.FrameCount);
        return outside < 0 ? tracklets : throw new ManifestFormatException($"$.tracklets[{outside}]", $"goes beyond the {frames} frames");
    }

    /// <summary>All have one, or −1 for none; or the column is empty.</summary>
    private static void ReadTimes(ref JsonStream json, Tracklet[] tracklets)
    {
        var times = Numbers(ref json, "time", "$.tracklets.time", NoTime, int.MaxValue, null);
        if (times.Count > 0 && times.Count != tracklets.Length)
        {
            throw json.Fault($"has {times.Count} entries, its neighbours {tracklets.Length}");
        }

        for (var i = 0; i < times.Count; i++)
        {
            tracklets[i] = tracklets[i] with { Time = times[i] == NoTime ? null : (int)times[i] };
        }
    }

    private static IReadOnlyList<int>[] ReadDraws(ref JsonStream json, int frames)
    {
        Open(ref json, "draws");
        var counts = Numbers(ref json, "count", "$.draws.count", 0, frames, null);
        var drawn = Numbers(ref json, "frame", "$.draws.frame", 0, frames - 1, null);
        json.Expect(JsonTokenType.EndObject);
        if (counts.Count > MostDraws || counts.Sum() != drawn.Count)
        {
            throw new ManifestFormatException("$.draws", $"has {drawn.Count} frames of {counts.Count} draws, which have {counts.Sum()}; at most {MostDraws} draws are read");
        }

        var from = 0;
        return [.. counts.Select(count => drawn.GetRange((from += (int)count) - (int)count, (int)count).ConvertAll(frame => (int)frame))];
    }

    private static ManifestDiagnosis ReadDiagnosis(ref JsonStream json, long version)
    {
        Open(ref json, "diagnosis");
        var train = ReadCounts(ref json, "train");
        var query = ReadCounts(ref json, "query");
        var gallery = ReadCounts(ref json, "gallery");
        var images = version > 1 ? ReadCountsIfAny(ref json, "queryImage") : null;
        var multi = version > 2 ? ReadCountsIfAny(ref json, "multiQuery") : null;
        var matches = version > 2 ? ReadMatches(ref json) : null;
        var severities = Numbers(ref json, "severity", "$.diagnosis.severity", 0, (int)FindingSeverity.Error, null);
        var codes = Strings(ref json, "code", "$.diagnosis.code", severities.Count);
        var messages = Strings(ref json, "message", "$.diagnosis.message", severities.Count);
        var counts = Numbers(ref json, "count", "$.diagnosis.count", 0, int.MaxValue, severities.Count);
        json.Member("examples", "$.diagnosis.examples");
        json.Expect(JsonTokenType.StartArray);
        var findings = new Finding[severities.Count];
        for (var i = 0; i < findings.Length; i++)
        {
            var examples = StringsOfArray(ref json, null);
            findings[i] = new Finding((FindingSeverity)severities[i], codes[i], messages[i], (int)counts[i], examples);
        }

        json.Expect(JsonTokenType.EndArray);
        json.Expect(JsonTokenType.EndObject);
        return new ManifestDiagnosis(train, query, gallery, findings) { QueryImage = images, MultiQuery = multi, Matches = matches };
    }

    private static void Counts(Utf8JsonWriter writer, string name, SplitCounts? counts) =>
        Column<int>(
            writer, name, counts is null ? [] : [counts.Identities, counts.Tracklets, counts.Frames, counts.Cameras, counts.Distractors],
            static (to, count) => to.WriteNumberValue(count));

    private static void Matches(Utf8JsonWriter writer, MatchCounts? matches) => Column<int>(
        writer, "matches",
        matches is null ? [] : [matches.Queries, matches.AcrossCameras, matches.AcrossCamerasJoined, matches.SameIdentity, matches.TrainedAcrossCameras],
        static (to, count) => to.WriteNumberValue(count));

    private static MatchCounts? ReadMatches(ref JsonStream json) => NumbersIfAny(ref json, "matches") is { } counts
        ? new MatchCounts((int)counts[0], (int)counts[1], (int)counts[2], (int)counts[3], (int)counts[4])
        : null;

    private static SplitCounts ReadCounts(ref JsonStream json, string name) => Counts(Numbers(ref json, name, $"$.diagnosis.{name}", 0, int.MaxValue, Counted));

    /// <summary>Nothing where there is no such split.</summary>
    private static SplitCounts? ReadCountsIfAny(ref JsonStream json, string name) => NumbersIfAny(ref json, name) is { } counts ? Counts(counts) : null;

    private static List<long>? NumbersIfAny(ref JsonStream json, string name)
    {
        var counts = Numbers(ref json, name, $"$.diagnosis.{name}", 0, int.MaxValue, null);
        return counts.Count switch
        {
            0 => null,
            Counted => counts,
            var other => throw json.Fault($"has {other} entries instead of {Counted} or none"),
        };
    }

    private static SplitCounts Counts(List<long> counts) => new((int)counts[0], (int)counts[1], (int)counts[2], (int)counts[3], (int)counts[4]);

    private static void Objects(Utf8JsonWriter writer, string name, params ReadOnlySpan<Action> columns)
    {
        writer.WriteStartObject(name);
        foreach (var column in columns)
        {
            column();
        }

        writer.WriteEndObject();
    }

    private static void Column<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            write(writer, item);
            if (writer.BytesPending > FlushAt)
            {
                writer.Flush();
            }
        }

        writer.WriteEndArray();
    }

    private static void Open(ref JsonStream json, string name)
    {
        json.Member(name, $"$.{name}");
        json.Expect(JsonTokenType.StartObject);
    }

    private static string Text(ref JsonStream json, string name)
    {
        json.Member(name, $"$.{name}");
        return json.ReadString();
    }

    private static List<string> Strings(ref JsonStream json, string name, string path, int? count = null)
    {
        json.Member(name, path);
        return StringsOfArray(ref json, count);
    }

    private static List<string> StringsOfArray(ref JsonStream json, int? count)
    {
        json.Expect(JsonTokenType.StartArray);
        var values = new List<string>();
        while (json.NextInList())
        {
            values.Add(json.CurrentString());
            Limit(ref json, values.Count);
        }

        return count is null || values.Count == count ? values : throw json.Fault($"has {values.Count} entries, its neighbours {count}");
    }

    private static List<long> Numbers(ref JsonStream json, string name, string path, long least, long most, int? count)
    {
        json.Member(name, path);
        json.Expect(JsonTokenType.StartArray);
        var values = new List<long>();
        while (json.NextInList())
        {
            values.Add(json.CurrentInt64(least, most));
            Limit(ref json, values.Count);
        }

        return count is null || values.Count == count ? values : throw json.Fault($"has {values.Count} entries, its neighbours {count}");
    }

    private static void Limit(ref JsonStream json, int count)
    {
        if (count > MostFrames)
        {
            throw json.Fault($"has more than {MostFrames} entries");
        }
    }

    private delegate void Set<T>(ref T item, long value);

    /// <summary>One column into items that are there already, without a list of its own.</summary>
    private static void Fill<T>(ref JsonStream json, T[] items, string name, string path, long least, long most, Set<T> set)
    {
        json.Member(name, path);
        json.Expect(JsonTokenType.StartArray);
        var count = 0;
        while (json.NextInList())
        {
            var value = json.CurrentInt64(least, most);
            if (count < items.Length)
            {
                set(ref items[count], value);
            }

            count++;
            Limit(ref json, count);
        }

        if (count != items.Length)
        {
            throw json.Fault($"has {count} entries, its neighbours {items.Length}");
        }
    }
}
