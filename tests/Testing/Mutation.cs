namespace ReidCloud.Tests.Testing;

/// <summary>Bytes of a stranger: good ones with a few places changed, cut, doubled or overwritten. The same seed gives the same.</summary>
public static class Mutation
{
    private static readonly byte[] Telling = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF];

    public static byte[] Of(byte[] good, int seed)
    {
        var random = new Random(seed);
        var bytes = good.ToList();
        for (var change = random.Next(1, 6); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] = Telling[random.Next(Telling.Length)]; break;
                case 2: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 3: bytes.RemoveRange(at, random.Next(Math.Min(64, bytes.Count - at))); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(32), bytes.Count - at))); break;
                default:
                    var telling = Telling[random.Next(Telling.Length)];
                    for (var i = at; i < Math.Min(at + 4, bytes.Count); i++)
                    {
                        bytes[i] = telling;
                    }

                    break;
            }
        }

        return [.. bytes];
    }
}
