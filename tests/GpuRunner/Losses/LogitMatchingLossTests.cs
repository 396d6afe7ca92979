using ReidCloud.GpuRunner.Losses;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class LogitMatchingLossTests : TorchTests
{
    [Fact]
    public void Equals_slow_loops()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (LossCases.RandomRows(1, 4, 6), LossCases.RandomRows(2, 4, 6));
        var inputs = LossCases.Inputs(student, [0, 0, 0, 0]) with { TeacherLogits_BK = LossCases.Rows(teacher) };

        var terms = new LogitMatchingLoss().Terms_B(inputs).data<double>().ToArray();

        Assert.Equal(student.Zip(teacher, (s, t) => s.Zip(t, (a, b) => (a - b) * (a - b)).Average()), terms, (a, b) => Math.Abs(a - b) < 1e-9);
    }
}
