using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// The distances behind one setting's figures as a safetensors file: `query_identity`, `query_camera` [Q], `gallery_identity`, `gallery_camera` [G] as int64 indices of the
/// manifest's tables (identity −1: a distractor), and `distances` [Q, G] as float32. All sizes are known before the first distance, so rows are written as
/// they are computed and memory does not grow with the file: MSMT17's has 3.8 GB. A table beside it names the items.
/// </summary>
internal static class DistanceFile
{
    public static void WriteHead(Stream stream, RetrievalSetting setting, RetrievalVariant variant, EvaluationSpec spec, Sighting[] queries, Sighting[] gallery)
    {
        SafetensorsHeader.Write(
            stream,
            new Dictionary<string, string>
            {
                ["setting"] = NameConverterFactory.NameOf(setting),
                ["figures"] = RetrievalVariant.NameOf(setting, variant),
                ["metric"] = NameConverterFactory.NameOf(spec.Metric),
                ["protocol"] = NameConverterFactory.NameOf(spec.Protocol),
            },
            [
                ("query_identity", TensorType.Int64, [queries.Length]),
                ("query_camera", TensorType.Int64, [queries.Length]),
                ("gallery_identity", TensorType.Int64, [gallery.Length]),
                ("gallery_camera", TensorType.Int64, [gallery.Length]),
                ("distances", TensorType.Float32, [queries.Length, gallery.Length]),
            ]);
        foreach (var sightings in new[] { queries, gallery })
        {
            stream.Write(MemoryMarshal.AsBytes(Array.ConvertAll(sightings, sighting => (long)sighting.Identity).AsSpan()));
            stream.Write(MemoryMarshal.AsBytes(Array.ConvertAll(sightings, sighting => (long)sighting.Camera).AsSpan()));
        }
    }

    /// <summary>The next rows, query by query.</summary>
    public static void WriteRows(Stream stream, ReadOnlySpan<float> rows) => stream.Write(MemoryMarshal.AsBytes(rows));

    /// <summary>A table of who stands in which row and column: the names of identity and camera, and the first of the frames.</summary>
    public static void WriteNames(Stream stream, DatasetManifest manifest, RetrievalItem[] queries, RetrievalItem[] gallery)
    {
        using var table = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        table.WriteLine("role,index,identity,camera,frames,first frame");
        foreach (var (role, items) in new[] { ("query", queries), ("gallery", gallery) })
        {
            foreach (var (index, (frames, sighting)) in items.Index())
            {
                var identity = sighting.Identity == Tracklet.Distractor ? ManifestCsv.Distractor : manifest.Identities[sighting.Identity];
                table.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{role},{index},{CsvRecords.Field(identity)},{CsvRecords.Field(manifest.Cameras[sighting.Camera].Name)},{frames.Distinct().Count()},{CsvRecords.Field(manifest.Frames[frames[0]].Name)}"));
            }
        }
    }
}
