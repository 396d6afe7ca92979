using System.Text;
using ReidCloud.Datasets;

namespace ReidCloud.Tests.Shared.Datasets;

public sealed class NpyHeadTests
{
    /// <summary>What numpy 1.24's save wrote for such arrays.</summary>
    [Theory]
    [InlineData("|u1", new long[] { 22258, 288, 144, 3 }, "{'descr': '|u1', 'fortran_order': False, 'shape': (22258, 288, 144, 3), }", 128)]
    [InlineData("<i8", new long[] { 11909 }, "{'descr': '<i8', 'fortran_order': False, 'shape': (11909,), }", 128)]
    [InlineData("<f4", new long[] { 3, 2 }, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", 128)]
    public void Is_written_as_NumPy_writes_it(string type, long[] shape, string text, int length)
    {
        var bytes = new NpyHead(type, shape).ToBytes();

        Assert.Equal(length, bytes.Length);
        Assert.Equal([0x93, .. "NUMPY\u0001\0"u8, (byte)(length - 10), 0, .. Encoding.ASCII.GetBytes(text.PadRight(length - 11) + "\n")], bytes);
        using var stream = new MemoryStream([.. bytes, 7]);
        var read = NpyHead.Read(stream);
        Assert.Equal((type, length), (read.Type, (int)stream.Position));
        Assert.Equal(shape, read.Shape);
    }
}
