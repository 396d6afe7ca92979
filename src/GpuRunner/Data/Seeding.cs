using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// The only source of randomness. A stream is named by the run's seed, what it is for, and where it stands (epoch, step, item …): whoever asks
/// for the same name gets the same numbers, in any order and on any thread. So a resumed run needs its position and nothing more.
/// </summary>
internal static class Seeding
{
    /// <summary>The stream of one purpose at one position, from its beginning.</summary>
    public static RandomStream Stream(long seed, string purpose, params ReadOnlySpan<long> position)
    {
        var name = new byte[(sizeof(long) * (position.Length + 2)) + Encoding.UTF8.GetByteCount(purpose)];
        BinaryPrimitives.WriteInt64LittleEndian(name, seed);
        BinaryPrimitives.WriteInt64LittleEndian(name.AsSpan(sizeof(long)), position.Length);
        for (var i = 0; i < position.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(name.AsSpan(sizeof(long) * (i + 2)), position[i]);
        }

        Encoding.UTF8.GetBytes(purpose, name.AsSpan(sizeof(long) * (position.Length + 2)));
        return new RandomStream(SHA256.HashData(name));
    }
}
