using ReidCloud.GpuRunner;

namespace ReidCloud.Tests.GpuRunner;

public sealed class ScratchFolderTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("reidcloud-scratch-").FullName;

    [Fact]
    public void What_a_dead_process_left_is_swept_and_what_a_living_one_uses_is_not()
    {
        using var mine = ScratchFolder.Create(_parent, "mine");
        File.WriteAllText(Path.Combine(mine.Path, "checkpoint"), "half");
        var dead = Directory.CreateDirectory(Path.Combine(_parent, "dead")).FullName;
        File.WriteAllText(Path.Combine(dead, "checkpoint"), "half");
        File.WriteAllText($"{dead}.lock", "");

        Assert.Equal(1, ScratchFolder.Sweep(_parent));

        Assert.False(Directory.Exists(dead));
        Assert.False(File.Exists($"{dead}.lock"));
        Assert.Equal("half", File.ReadAllText(Path.Combine(mine.Path, "checkpoint")));
    }

    [Fact]
    public void Nothing_is_left_of_one_that_was_disposed_of()
    {
        using (ScratchFolder.Create(_parent, "mine"))
        {
            Assert.Equal(2, Directory.GetFileSystemEntries(_parent).Length);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_parent));
        Assert.Equal(0, ScratchFolder.Sweep(Path.Combine(_parent, "nowhere")));
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}
