using System.Numerics;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>The few smallest of many numbers, in one pass and without sorting them. Of equal ones the first come first.</summary>
internal static class Smallest
{
    /// <param name="places">Where they stand, in ascending order of the numbers: at most as many as there are numbers.</param>
    /// <param name="kept">The numbers themselves.</param>
    public static void Of<T>(ReadOnlySpan<T> numbers, Span<int> places, Span<T> kept)
        where T : struct, INumber<T>
    {
        if (places.IsEmpty)
        {
            return;
        }

        var count = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = numbers[i];
            if (count == places.Length && !(number < kept[count - 1]))
            {
                continue;
            }

            var at = count < places.Length ? count++ : count - 1;
            for (; at > 0 && number < kept[at - 1]; at--)
            {
                (kept[at], places[at]) = (kept[at - 1], places[at - 1]);
            }

            (kept[at], places[at]) = (number, i);
        }
    }
}
