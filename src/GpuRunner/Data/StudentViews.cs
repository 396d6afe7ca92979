using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Which of the teacher's views the student sees. Spec of VKD §6.</summary>
internal static class StudentViews
{
    /// <summary>For each set the first M of its own random order of the N views.</summary>
    public static int[] Draw(long seed, ViewDistillationSpec spec, int sets, int epoch, int step)
    {
        var stream = Seeding.Stream(seed, "student-views", epoch, step);
        return [.. Enumerable.Range(0, sets).SelectMany(_ => stream.Permutation(spec.TeacherViews)[..spec.StudentViews])];
    }
}
