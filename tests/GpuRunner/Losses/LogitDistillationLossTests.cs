using ReidCloud.GpuRunner.Losses;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Losses;

public sealed class LogitDistillationLossTests : TorchTests
{
    /// <summary>Worked by hand: spec of VKD §4.6.</summary>
    [Fact]
    public void Gives_the_published_check_value()
    {
        using var scope = NewDisposeScope();
        var inputs = LossCases.Inputs([[0, 2]], [0]) with { TeacherLogits_BK = LossCases.Rows([[2, 0]]) };

        Assert.Equal(1.9933599, new LogitDistillationLoss(new LogitDistillationSpec()).Of(inputs).item<double>(), 1e-6);
    }

    [Fact]
    public void Equals_slow_loops()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var scope = NewDisposeScope();
            var (student, teacher) = (LossCases.RandomRows(seed, 4, 6), LossCases.RandomRows(seed + 1000, 4, 6));
            var inputs = LossCases.Inputs(student, [0, 0, 0, 0]) with { TeacherLogits_BK = LossCases.Rows(teacher) };

            var terms = new LogitDistillationLoss(new LogitDistillationSpec { Temperature = 4 }).Terms_B(inputs).data<double>().ToArray();

            Assert.Equal(student.Zip(teacher, (s, t) => Oracle(s, t, 4)), terms, (a, b) => Math.Abs(a - b) < 1e-9);
        }
    }

    [Fact]
    public void Without_a_teacher_there_is_nothing_to_distil()
    {
        using var scope = NewDisposeScope();

        Assert.Throws<ArgumentException>(() => new LogitDistillationLoss(new LogitDistillationSpec()).Of(LossCases.Inputs([[0, 2]], [0])));
    }

    private static double Oracle(double[] student, double[] teacher, double temperature)
    {
        var (p, q) = (LossCases.Softmax(Array.ConvertAll(teacher, z => z / temperature)), LossCases.Softmax(Array.ConvertAll(student, z => z / temperature)));
        return temperature * temperature * p.Zip(q, (a, b) => a * (Math.Log(a) - Math.Log(b))).Sum();
    }
}
