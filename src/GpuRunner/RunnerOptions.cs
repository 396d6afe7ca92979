using System.Collections;
using System.ComponentModel;

namespace ReidCloud.GpuRunner;

/// <summary>Reads <see cref="ReidCloudOptions"/> from the environment: `ReidCloud__StorageConnection` and its like.</summary>
internal static class RunnerOptions
{
    private const string Prefix = ReidCloudOptions.Section + "__";

    /// <exception cref="OptionsException">A variable that names no option or cannot be read, or options that are not usable. All faults at once.</exception>
    public static ReidCloudOptions Read(IDictionary environment)
    {
        var options = new ReidCloudOptions();
        var known = TypeDescriptor.GetProperties(options).Cast<PropertyDescriptor>().ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        var faults = new List<string>();
        foreach (DictionaryEntry variable in environment)
        {
            var (name, text) = ((string)variable.Key, (string?)variable.Value ?? "");
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!known.TryGetValue(name[Prefix.Length..], out var option))
            {
                faults.Add($"{name} is no option; there are {string.Join(", ", known.Keys.Order())}");
                continue;
            }

            try
            {
                option.SetValue(options, option.Converter.ConvertFromInvariantString(text));
            }
            catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException)
            {
                faults.Add($"{name} must be a {option.PropertyType.Name}, was '{text}'");
            }
        }

        faults.AddRange(ReidCloudOptionsValidator.Check(options));
        return faults.Count == 0 ? options : throw new OptionsException(faults);
    }
}
