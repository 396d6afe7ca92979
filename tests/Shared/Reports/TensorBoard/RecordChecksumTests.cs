using System.Text;
using ReidCloud.Reports.TensorBoard;

namespace ReidCloud.Tests.Shared.Reports.TensorBoard;

public sealed class RecordChecksumTests
{
    /// <summary>RFC 3720 (iSCSI), appendix B.4, and the check value of CRC-32C.</summary>
    [Fact]
    public void Is_the_Castagnoli_polynomials()
    {
        Assert.Equal(0xE3069283u, RecordChecksum.Crc32C("123456789"u8));
        Assert.Equal(0x8A9136AAu, RecordChecksum.Crc32C(new byte[32]));
        Assert.Equal(0x62A8AB43u, RecordChecksum.Crc32C(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, RecordChecksum.Crc32C([.. Enumerable.Range(0, 32).Select(value => (byte)value)]));
    }

    /// <summary>A record of TensorFlow's own: the length 24 in eight bytes has the masked check sum A3 7F 4B 22.</summary>
    [Fact]
    public void Is_masked() => Assert.Equal(0x224B7FA3u, RecordChecksum.Of([24, 0, 0, 0, 0, 0, 0, 0]));
}
