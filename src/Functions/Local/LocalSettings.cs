using System.Text.Json;

namespace ReidCloud.Functions.Local;

/// <summary>
/// local.settings.json as the Functions tools read it: `Values` become settings (`__` parts sections), `Host.LocalHttpPort` the port. Without
/// the file the samples' values hold: Azurite.
/// </summary>
internal sealed record LocalSettings(IReadOnlyDictionary<string, string?> Values, int? Port)
{
    public const string FileName = "local.settings.json";

    /// <summary>Beside the program, or in the current folder.</summary>
    public static LocalSettings Load()
    {
        var path = new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() }
            .Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(File.Exists);
        return path is null ? new LocalSettings(new Dictionary<string, string?>(), null) : Parse(File.ReadAllText(path), path);
    }

    /// <exception cref="FormatException">The text is not such a file.</exception>
    public static LocalSettings Parse(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            if (document.RootElement.TryGetProperty("Values", out var given))
            {
                foreach (var value in given.EnumerateObject())
                {
                    values[value.Name.Replace("__", ":", StringComparison.Ordinal)] = value.Value.GetString();
                }
            }

            var port = document.RootElement.TryGetProperty("Host", out var host) && host.TryGetProperty("LocalHttpPort", out var number)
                ? number.GetInt32()
                : (int?)null;
            return new LocalSettings(values, port);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"{path} is not a settings file as local.settings.sample.json shows it: {exception.Message}", exception);
        }
    }
}
