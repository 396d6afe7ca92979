using System.Text.Json;
using ReidCloud.Functions.Local;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions.Local;

public sealed class LocalSettingsTests
{
    private static string Sample => File.ReadAllText(Path.Combine(RepositoryRoot.Path, "local.settings.sample.json"));

    [Fact]
    public void Reads_values_with_their_sections_and_the_port()
    {
        var settings = LocalSettings.Parse("""{ "Values": { "ReidCloud__Queue": "q" }, "Host": { "LocalHttpPort": 7099 } }""", "x");

        Assert.Equal("q", settings.Values["ReidCloud:Queue"]);
        Assert.Equal(7099, settings.Port);
    }

    [Fact]
    public void The_sample_has_every_option_with_its_default_or_the_emulators_value()
    {
        var settings = LocalSettings.Parse(Sample, "sample");
        var defaults = new ReidCloudOptions { StorageConnection = "UseDevelopmentStorage=true" };

        foreach (var option in typeof(ReidCloudOptions).GetProperties())
        {
            var expected = Convert.ToString(option.GetValue(defaults), System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(expected, settings.Values[$"{ReidCloudOptions.Section}:{option.Name}"]);
        }

        Assert.Equal(7071, settings.Port);
    }

    [Fact]
    public void The_sample_is_plain_json() => JsonDocument.Parse(Sample).Dispose();

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "Values": { "a": 1 } }""")]
    public void Refuses_another_file_by_name(string json)
    {
        Assert.Contains("there.json", Assert.Throws<FormatException>(() => LocalSettings.Parse(json, "there.json")).Message);
    }
}
