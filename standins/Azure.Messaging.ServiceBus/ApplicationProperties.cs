using System.Globalization;
using System.Net.Http.Headers;

namespace Azure.Messaging.ServiceBus;

/// <summary>Custom properties as HTTP headers: one each, texts in double quotes, numbers and truth values bare.</summary>
internal static class ApplicationProperties
{
    /// <summary>Headers of the protocol; every other one of an answer is a custom property.</summary>
    private static readonly HashSet<string> Protocol = new(StringComparer.OrdinalIgnoreCase)
    {
        BrokerProperties.Header, "Connection", "Content-Length", "Content-Type", "Date", "Keep-Alive", "Location", "Server",
        "Strict-Transport-Security", "Transfer-Encoding", "Via",
    };

    public static void Write(ServiceBusMessage message, HttpRequestHeaders headers)
    {
        foreach (var (name, value) in message.ApplicationProperties)
        {
            if (Protocol.Contains(name) || !headers.TryAddWithoutValidation(name, Text(name, value)))
            {
                throw Unsupported($"the application property name '{name}', which is not free as an HTTP header");
            }
        }
    }

    public static IReadOnlyDictionary<string, object> Read(HttpResponseHeaders headers) => headers
        .Where(header => !Protocol.Contains(header.Key))
        .ToDictionary(header => header.Key, header => Value(string.Join(", ", header.Value)), StringComparer.Ordinal);

    private static string Text(string name, object value) => value switch
    {
        string text when text.All(character => character is >= ' ' and <= '~' and not '"' and not '\\') => $"\"{text}\"",
        string => throw Unsupported($"application property '{name}' with quotes, backslashes, control or non-ASCII characters"),
        bool flag => flag ? "true" : "false",
        byte or short or int or long or float or double or decimal => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => throw Unsupported($"application property '{name}' of type {value.GetType()}"),
    };

    private static object Value(string text)
    {
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"')
        {
            return text[1..^1];
        }

        return text switch
        {
            "true" => true,
            "false" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => text,
        };
    }

    private static NotSupportedException Unsupported(string what) => new(
        $"The stand-in for Azure.Messaging.ServiceBus speaks HTTPS and cannot carry {what}. The package Azure.Messaging.ServiceBus can.");
}
