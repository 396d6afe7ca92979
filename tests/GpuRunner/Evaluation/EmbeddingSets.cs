using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

/// <summary>Small sets of random features.</summary>
internal static class EmbeddingSets
{
    public const int Dimensions = 12;
    public const int Stripes = 3;
    public const int Channels = 4;

    /// <summary>Near few centers, so that there are neighbors.</summary>
    public static EmbeddingSet Random(RandomStream random, int count) => new(Features(random, count, Dimensions), Sightings(random, count))
    {
        Local_NHC = Features(random, count, Stripes * Channels).view(count, Stripes, Channels).clone(),
    };

    private static Tensor Features(RandomStream random, int count, int size) => tensor(
        [.. Enumerable.Range(0, count).SelectMany(_ => Numbers(random, random.NextInt(5), size))], [count, size]);

    private static IEnumerable<float> Numbers(RandomStream random, int center, int size) =>
        [.. Enumerable.Range(0, size).Select(number => (float)(Math.Sin((center * 7) + number) + (0.4 * random.NextGaussian())))];

    private static Sighting[] Sightings(RandomStream random, int count) => [.. Enumerable.Range(0, count).Select(_ => new Sighting(random.NextInt(4), random.NextInt(2)))];
}
