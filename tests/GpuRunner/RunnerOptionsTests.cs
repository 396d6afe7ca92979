using System.Collections;
using ReidCloud.GpuRunner;

namespace ReidCloud.Tests.GpuRunner;

public sealed class RunnerOptionsTests
{
    [Fact]
    public void Options_are_read_from_the_environment()
    {
        var options = RunnerOptions.Read(new Hashtable
        {
            ["ReidCloud__StorageConnection"] = "UseDevelopmentStorage=true",
            ["ReidCloud__Threads"] = "3",
            ["ReidCloud__UploadValidity"] = "00:10:00",
            ["PATH"] = "/bin",
        });

        Assert.Equal("UseDevelopmentStorage=true", options.StorageConnection);
        Assert.Equal(3, options.Threads);
        Assert.Equal(TimeSpan.FromMinutes(10), options.UploadValidity);
        Assert.Equal("auto", options.Device);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var fault = Assert.Throws<OptionsException>(() => RunnerOptions.Read(new Hashtable
        {
            ["ReidCloud__Treads"] = "3",
            ["ReidCloud__LeaseSeconds"] = "many",
            ["ReidCloud__Device"] = "tpu",
        }));

        Assert.Contains(fault.Faults, one => one.StartsWith("ReidCloud__Treads is no option; there are ", StringComparison.Ordinal));
        Assert.Contains("ReidCloud__LeaseSeconds must be a Int32, was 'many'", fault.Faults);
        Assert.Contains(fault.Faults, one => one.Contains("Device", StringComparison.Ordinal) && one.Contains("tpu", StringComparison.Ordinal));
        Assert.Contains(fault.Faults, one => one.Contains("StorageConnection is missing", StringComparison.Ordinal));
    }
}
