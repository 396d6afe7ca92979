using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class CameraGroupsTests
{
    [Fact]
    public void A_set_whose_camera_took_no_other_frame_goes() =>
        Assert.Equal([0, 1, 3, 4], CameraGroups.Kept(5, 2, [[1, 2, 3, 2, 1]]));

    /// <summary>Set 0 goes for camera 9, which leaves set 1 alone with camera 1, and that set 2 with camera 2.</summary>
    [Fact]
    public void What_goes_may_take_others_with_it() =>
        Assert.Equal([3, 4], CameraGroups.Kept(5, 2, [[9, 1, 1, 2, 2, 3, 3, 3, 3, 3]]));

    [Fact]
    public void What_one_network_cannot_see_the_other_does_not_see_either() =>
        Assert.Equal([0, 2], CameraGroups.Kept(4, 2, [[1, 2, 1, 2, 1, 2, 1, 2], [1, 2, 1, 3]]));

    [Fact]
    public void All_may_stay_and_all_may_go()
    {
        Assert.Equal([0, 1, 2], CameraGroups.Kept(3, 2, [[4, 4, 4]]));
        Assert.Empty(CameraGroups.Kept(3, 4, [[4, 4, 4]]));
    }

    /// <summary>One set after the other is taken out, in any order, as long as one cannot stay.</summary>
    [Fact]
    public void It_is_what_the_order_of_leaving_does_not_change()
    {
        for (var trial = 0; trial < 300; trial++)
        {
            var random = Seeding.Stream(1, "test", trial);
            var (sets, least) = (2 + random.NextInt(12), 2 + random.NextInt(3));
            int[][] seen = [.. Enumerable.Range(1, 1 + random.NextInt(2)).Select(views => Enumerable.Range(0, sets * views).Select(_ => random.NextInt(5)).ToArray())];
            var left = Enumerable.Range(0, sets).ToList();
            while (left.Where(set => !CanStay(set)).ToArray() is { Length: > 0 } leaving)
            {
                left.Remove(leaving[random.NextInt(leaving.Length)]);
            }

            Assert.Equal(left, CameraGroups.Kept(sets, least, seen));

            bool CanStay(int set) => seen.All(cameras => Of(cameras, set).All(camera => left.SelectMany(other => Of(cameras, other)).Count(other => other == camera) >= least));

            IEnumerable<int> Of(int[] cameras, int set) => cameras.Skip(set * (cameras.Length / sets)).Take(cameras.Length / sets);
        }
    }
}
