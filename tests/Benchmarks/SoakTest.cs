using System.Diagnostics;
using System.Globalization;
using ReidCloud.Tests.GpuRunner.Training;

namespace ReidCloud.Benchmarks;

/// <summary>Trains a teacher and its student for so many steps each, evaluates the student, and prints how memory goes.</summary>
internal static class SoakTest
{
    public static void Run(int steps)
    {
        var folder = Directory.CreateTempSubdirectory("reidcloud-soak-");
        try
        {
            Console.WriteLine("seconds     step  live tensors  resident MB  of that managed");
            var begun = Stopwatch.GetTimestamp();
            var curves = new Soak(folder.FullName).Run(steps, steps / 5, sample => Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Stopwatch.GetElapsedTime(begun).TotalSeconds,7:F1} {sample.Step,8} {sample.Tensors,13} {sample.Bytes / 1e6,12:F1} {sample.ManagedBytes / 1e6,16:F1}")));
            foreach (var (role, curve) in curves)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{role}: least resident MB that are not managed, by fifths of the way: {string.Join(" ", Enumerable.Range(0, 5).Select(fifth => $"{curve.Least(fifth / 5.0, (fifth + 1) / 5.0, sample => sample.NativeBytes) / 1e6:F1}"))}"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
