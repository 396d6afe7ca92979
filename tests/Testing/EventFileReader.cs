using System.Buffers.Binary;
using System.Text;
using ReidCloud.Reports.TensorBoard;

namespace ReidCloud.Tests.Testing;

/// <summary>What TensorBoard would see in an event file. Wrong lengths and check sums throw.</summary>
internal static class EventFileReader
{
    public sealed record Entry(double WallTime, long Step, string? Version, string? Tag, float? Scalar, string? Text);

    public static IReadOnlyList<Entry> Read(byte[] file)
    {
        var entries = new List<Entry>();
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at, 8));
            Assert.Equal(RecordChecksum.Of(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            Assert.Equal(RecordChecksum.Of(file.AsSpan(at + 12, length)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            entries.Add(Parse(ProtobufMessage.Read(file.AsSpan(at + 12, length))));
            at += 16 + length;
        }

        return entries;
    }

    private static Entry Parse(ProtobufMessage happened)
    {
        var value = happened.Messages(5).Select(summary => summary.Message(1)).SingleOrDefault();
        return new Entry(
            happened.All<double>(1).SingleOrDefault(),
            happened.All<long>(2).SingleOrDefault(),
            happened.Texts(3).SingleOrDefault(),
            value?.Text(1),
            value?.All<float>(2).Select(scalar => (float?)scalar).SingleOrDefault(),
            value?.Messages(8).Select(tensor => Encoding.UTF8.GetString(tensor.Bytes(8))).SingleOrDefault());
    }
}
