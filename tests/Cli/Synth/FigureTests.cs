using System.Numerics;
using ReidCloud.Cli.Synth;
using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Tests.Cli.Synth;

/// <summary>What the data is for: one view must not tell everything, several must.</summary>
public sealed class FigureTests
{
    private const int People = 60;
    private readonly Canvas _canvas = new(32, 64);

    [Fact]
    public void Front_and_back_differ_more_than_two_moments_of_one_side()
    {
        var (sides, moments) = (0.0, 0.0);
        for (var person = 0; person < People; person++)
        {
            var front = Picture(person, 0, 0.4f);
            sides += Difference(front, Picture(person, MathF.PI, 0.4f));
            moments += Difference(front, Picture(person, 0.1f, 0.9f));
        }

        Assert.True(sides > 1.5 * moments, $"sides {sides / People:F4}, moments {moments / People:F4}");
    }

    [Fact]
    public void People_who_share_one_view_differ_in_another()
    {
        var (sharedFronts, pairs) = (0, 0);
        for (var first = 0; first < People; first++)
        {
            for (var second = first + 1; second < (first / Appearance.FamilySize + 1) * Appearance.FamilySize; second++)
            {
                pairs++;
                var (a, b) = (Look(first), Look(second));
                if (Front(a) == Front(b))
                {
                    sharedFronts++;
                    Assert.NotEqual(BackAndSides(a), BackAndSides(b));
                }
            }
        }

        Assert.InRange(sharedFronts, pairs / 6, pairs / 2);

        static (Vector3?, Emblem, Vector3) Front(Appearance look) => (look.OpenJacket, look.FrontEmblem, look.FrontColour);
        static (Vector3?, Vector3, Emblem, Vector3, Carried, Vector3, Vector3?) BackAndSides(Appearance look) =>
            (look.Backpack, look.BackpackAccent, look.BackEmblem, look.BackColour, look.Carried, look.BagColour, look.SideStripe);
    }

    [Fact]
    public void Clothes_alone_do_not_tell_people_apart()
    {
        var clothes = Enumerable.Range(0, People).Select(person => (Look(person).Upper, Look(person).Lower, Look(person).Weave)).Distinct().Count();

        Assert.InRange(clothes, People / 10, People / Appearance.FamilySize);
    }

    [Fact]
    public void A_figure_stands_on_its_feet_inside_the_picture()
    {
        for (var person = 0; person < People; person++)
        {
            var picture = Picture(person, person * 0.3f, person);

            Assert.True(IsBackground(picture, 0, 0) && IsBackground(picture, 31, 0) && IsBackground(picture, 0, 63) && IsBackground(picture, 31, 63));
            Assert.False(IsBackground(picture, 16, 24));
            Assert.Contains(Enumerable.Range(0, 32), x => !IsBackground(picture, x, 60) || !IsBackground(picture, x, 61));
            Assert.All(Enumerable.Range(0, 32), x => Assert.True(IsBackground(picture, x, 63)));
        }
    }

    [Fact]
    public void Every_camera_sees_colours_in_its_own_way()
    {
        var seen = Enumerable.Range(0, 4).Select(camera =>
        {
            for (var i = 0; i < _canvas.Pixels.Length; i++)
            {
                _canvas.Pixels[i] = new Vector3(0.5f, 0.4f, 0.3f);
            }

            new SynthCamera(3, camera, 4).Expose(_canvas, 1, Seeding.Stream(1, "test"));
            return _canvas.Pixels.Aggregate(Vector3.Zero, (sum, pixel) => sum + pixel) / _canvas.Pixels.Length;
        }).ToList();

        for (var i = 0; i < seen.Count; i++)
        {
            Assert.All(seen.Take(i), other => Assert.True(Vector3.Distance(other, seen[i]) > 0.02f));
        }
    }

    /// <summary>Nobody could tell the infrared picture from the brightness of the visible one, in either direction; and it is the same person's in every camera.</summary>
    [Fact]
    public void Infrared_light_does_not_say_the_color()
    {
        var clothes = Enumerable.Range(0, 400).Select(family => family * Appearance.FamilySize).Select(person => (Visible: Look(person), Infrared: InfraredLook.Of(Look(person), 11, person))).ToList();

        Assert.All(clothes, look => Assert.Equal(look.Infrared.Upper.X, look.Infrared.Upper.Z));
        Assert.All(clothes, look => Assert.Equal(look.Infrared, InfraredLook.Of(look.Visible, 11, clothes.IndexOf(look) * Appearance.FamilySize)));
        Assert.InRange(Correlation(clothes.Select(look => (double)Palette.Brightness(look.Visible.Upper)), clothes.Select(look => (double)look.Infrared.Upper.X)), -0.1, 0.35);
        foreach (var color in clothes.GroupBy(look => look.Visible.Upper))
        {
            Assert.True(color.Max(look => look.Infrared.Upper.X) - color.Min(look => look.Infrared.Upper.X) > 0.4);
        }

        var patterned = clothes.Where(look => look.Visible.Weave != Weave.Plain).ToList();
        Assert.InRange(patterned.Count(look => look.Infrared.UpperAccent == look.Infrared.Upper), patterned.Count / 3, 2 * patterned.Count / 3);

        static double Correlation(IEnumerable<double> first, IEnumerable<double> second)
        {
            var (a, b) = (first.ToArray(), second.ToArray());
            var (meanA, meanB) = (a.Average(), b.Average());
            return a.Zip(b).Sum(pair => (pair.First - meanA) * (pair.Second - meanB)) / Math.Sqrt(a.Sum(value => Math.Pow(value - meanA, 2)) * b.Sum(value => Math.Pow(value - meanB, 2)));
        }
    }

    private static Appearance Look(int person) => Appearance.Of(11, person);

    private static bool IsBackground(Vector3[] picture, int x, int y) => picture[(y * 32) + x] == new Vector3(0.6f);

    private static double Difference(Vector3[] a, Vector3[] b) => a.Zip(b).Average(pair => (double)Vector3.Distance(pair.First, pair.Second));

    private Vector3[] Picture(int person, float heading, float phase)
    {
        _canvas.Clear();
        for (var i = 0; i < 32 * 64; i++)
        {
            _canvas.Backdrop(i % 32, i / 32, new Vector3(0.6f));
        }

        new Figure(Look(person)).Draw(new Body(_canvas, heading, 0.1f, _canvas.Height * 0.9f, _canvas.Width / 2f, _canvas.Height * 0.96f), new Pose(phase, 0.4f));
        _canvas.Resolve();
        return [.. _canvas.Pixels];
    }
}
