using System.Buffers.Binary;

namespace ReidCloud.Reports.TensorBoard;

/// <summary>
/// A file that TensorBoard reads: records, each an Event. A record is its length (8 bytes), that length's masked check sum, the Event in protobuf's format, and
/// its masked check sum (tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto). What is 0 is left out, as
/// protobuf has it, but for a scalar's value.
/// </summary>
public sealed class EventFile(Stream to)
{
    public const string Version = "brain.Event:2";

    private const string TextPlugin = "text";
    private const int StringType = 7;
    private const int TensorClass = 2;

    /// <summary>The first record says what the rest is.</summary>
    public void Begin(double wallTime, string version = Version) => Record(wallTime, 0, message => message.Text(3, version));

    /// <param name="wallTime">Seconds since 1970.</param>
    public void Scalar(double wallTime, long step, string tag, float value) => Summary(wallTime, step, summary =>
    {
        summary.Text(1, tag);
        summary.Float(2, value);
    });

    /// <summary>Markdown, for the tab "Text": a tensor of one string, marked as its plugin's.</summary>
    public void Text(double wallTime, long step, string tag, string markdown) => Summary(wallTime, step, summary =>
    {
        summary.Text(1, tag);
        summary.Message(8, tensor =>
        {
            tensor.Integer(1, StringType);
            tensor.Message(2, shape => shape.Message(2, dimension => dimension.Integer(1, 1)));
            tensor.Text(8, markdown);
        });
        summary.Message(9, metadata =>
        {
            metadata.Message(1, plugin => plugin.Text(1, TextPlugin));
            metadata.Integer(4, TensorClass);
        });
    });

    private void Summary(double wallTime, long step, Action<ProtobufWriter> value) =>
        Record(wallTime, step, message => message.Message(5, summary => summary.Message(1, value)));

    private void Record(double wallTime, long step, Action<ProtobufWriter> what)
    {
        var payload = ProtobufWriter.Bytes(message =>
        {
            if (wallTime != 0)
            {
                message.Double(1, wallTime);
            }

            if (step != 0)
            {
                message.Integer(2, step);
            }

            what(message);
        });
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)payload.Length);
        to.Write(length);
        Checksum(length);
        to.Write(payload);
        Checksum(payload);
    }

    private void Checksum(ReadOnlySpan<byte> of)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, RecordChecksum.Of(of));
        to.Write(bytes);
    }
}
