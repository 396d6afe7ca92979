namespace ReidCloud.Tests.Shared;

public sealed class ReidCloudOptionsValidatorTests
{
    [Fact]
    public void Accepts_what_works_with_the_emulator_and_with_an_identity()
    {
        Assert.Empty(ReidCloudOptionsValidator.Check(Local()));
        Assert.Empty(ReidCloudOptionsValidator.Check(new ReidCloudOptions
        {
            StorageAccount = "https://reid.blob.core.windows.net",
            ServiceBusNamespace = "reid.servicebus.windows.net",
        }));
    }

    [Fact]
    public void Names_every_fault_at_once()
    {
        var faults = Assert.Throws<OptionsException>(() => ReidCloudOptionsValidator.Require(new ReidCloudOptions
        {
            LeaseSeconds = 5,
            Device = "gpu",
        })).Faults;

        Assert.Equal(3, faults.Count);
        Assert.Contains(faults, fault => fault.StartsWith("ReidCloud__StorageConnection is missing", StringComparison.Ordinal));
        Assert.Contains("ReidCloud__LeaseSeconds must be 15 to 60, was 5", faults);
        Assert.Contains("ReidCloud__Device must be auto, cpu, cuda or cuda:N, or several of them but auto with commas between, was 'gpu'", faults);
    }

    [Theory]
    [InlineData("cuda:0,cuda:1", true)]
    [InlineData("cpu,cuda", true)]
    [InlineData("auto,cuda", false)]
    [InlineData("cuda:0,", false)]
    [InlineData("cuda:0, cuda:1", false)]
    public void Takes_several_devices_that_are_named(string device, bool taken)
    {
        var options = Local();
        options.Device = device;

        Assert.Equal(taken, ReidCloudOptionsValidator.Check(options).Count == 0);
    }

    [Fact]
    public void Refuses_two_ways_to_the_same_thing()
    {
        Refuses(options => options.StorageAccount = "https://reid.blob.core.windows.net", "StorageConnection");
        Refuses(options => (options.ServiceBusConnection, options.ServiceBusNamespace) = ("Endpoint=sb://a/", "a.servicebus.windows.net"), "ServiceBusConnection");
    }

    [Fact]
    public void Refuses_values_that_no_service_would_take()
    {
        Refuses(options => options.StorageConnection = "hello", "StorageConnection");
        Refuses(options => (options.StorageConnection, options.StorageAccount) = (null, "http://reid.blob.core.windows.net"), "StorageAccount");
        Refuses(options => (options.StorageConnection, options.StorageAccount) = (null, "reid"), "StorageAccount");
        Refuses(options => options.StoragePrefix = "Prod", "StoragePrefix");
        Refuses(options => options.StoragePrefix = "a--b", "StoragePrefix");
        Refuses(options => options.Queue = "no", "Queue");
        Refuses(options => options.Queue = "runs-", "Queue");
        Refuses(options => options.Threads = -1, "Threads");
        Refuses(options => options.ResidentMiB = -1, "ResidentMiB");
        Refuses(options => options.RequestsPerSecond = 0, "RequestsPerSecond");
        Refuses(options => options.UploadValidity = TimeSpan.FromSeconds(1), "UploadValidity");
        Refuses(options => options.CommitPatience = TimeSpan.FromMinutes(10), "CommitPatience");
        Refuses(options => options.StoragePatience = TimeSpan.Zero, "StoragePatience");
        Refuses(options => options.StoragePatience = TimeSpan.FromDays(2), "StoragePatience");
        Refuses(options => options.ServiceBusConnection = "hello", "ServiceBusConnection");
        Refuses(options => options.ServiceBusNamespace = "https://a", "ServiceBusNamespace");
    }

    private static void Refuses(Action<ReidCloudOptions> spoil, string option)
    {
        var options = Local();
        spoil(options);

        Assert.StartsWith($"ReidCloud__{option} ", Assert.Single(ReidCloudOptionsValidator.Check(options)), StringComparison.Ordinal);
    }

    private static ReidCloudOptions Local() => new() { StorageConnection = "UseDevelopmentStorage=true" };
}
