using System.Text;
using ReidCloud.Cli.Offline;

namespace ReidCloud.Tests.Cli.Offline;

public sealed class NpyFileTests
{
    /// <summary>What numpy 1.24 wrote: numpy.save of numpy.array([[1, 2.5], [-3, 0]], '&lt;f4').</summary>
    private const string Numpy =
        "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAgQAAAQMAAAAAA";

    [Fact]
    public void Is_byte_for_byte_what_numpy_writes()
    {
        using var file = new MemoryStream();
        NpyFile.Write(file, 2, 2, [1, 2.5f, -3, 0]);

        Assert.Equal(Convert.FromBase64String(Numpy), file.ToArray());
    }

    [Fact]
    public void Reads_what_numpy_writes()
    {
        using var file = new MemoryStream(Convert.FromBase64String(Numpy));

        Assert.Equal((2L, 2L), NpyFile.ReadHead(file));
        Assert.Equal(16, file.Length - file.Position);
    }

    [Theory]
    [InlineData("{'shape': (1, 2), 'fortran_order': False, 'descr': '<f4'}")]
    [InlineData("{ 'descr' : '<f4' , 'fortran_order' : False , 'shape' : (1,2,) , }\n")]
    public void Members_may_stand_in_any_order(string head) => Assert.Equal((1L, 2L), NpyFile.ReadHead(File(head, 8)));

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }", 8, "type '<f8'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }", 8, "type '|O'")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", 8, "column by column")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8, "1 dimensions")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 2), }", 8, "3 dimensions")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", 12, "cut off, or has a foreign tail")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000), }", 8, "cut off, or has a foreign tail")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2), }", 8, "a size of")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'fortran_order': False}", 8, "not that of an array")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), 'x': __import__('os')}", 8, "not that of an array")]
    [InlineData("[{'descr': [('a', '<f4')]}]", 8, "not that of an array")]
    [InlineData("", 8, "not that of an array")]
    public void What_is_no_such_array_is_refused(string head, int bytes, string complaint) =>
        Assert.Contains(complaint, Assert.Throws<InvalidDataException>(() => NpyFile.ReadHead(File(head, bytes))).Message, StringComparison.Ordinal);

    /// <summary>Patterns with many ways to match must not be asked for all of them.</summary>
    [Fact]
    public void A_head_of_blanks_is_refused_at_once() =>
        Assert.Throws<InvalidDataException>(() => NpyFile.ReadHead(File($"{{'descr': '<f4',{new string(' ', 60_000)}'fortran_order': False, x", 8)));

    [Theory]
    [InlineData("not an array at all")]
    [InlineData("\u0093NUMPY\u0009\0\0\0{}")]
    [InlineData("\u0093NUMPY\u0002\0\u00FF\u00FF\u00FF\u00FF{}")]
    public void Foreign_bytes_are_refused(string text) => Assert.Throws<InvalidDataException>(() => NpyFile.ReadHead(new MemoryStream(Encoding.Latin1.GetBytes(text))));

    [Fact]
    public void What_is_cut_off_in_its_head_is_refused() => Assert.Throws<EndOfStreamException>(() => NpyFile.ReadHead(new MemoryStream([0x93, (byte)'N'])));

    private static MemoryStream File(string head, int bytes) =>
        new([0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)head.Length), .. Encoding.Latin1.GetBytes(head), .. new byte[bytes]]);
}
