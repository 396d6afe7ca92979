namespace Azure.Messaging.ServiceBus;

/// <summary>The parts of a connection string: `Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…` and its variants.</summary>
public class ServiceBusConnectionStringProperties
{
    public Uri Endpoint { get; private init; } = null!;

    public string FullyQualifiedNamespace => Endpoint.Host;

    public string? EntityPath { get; private init; }

    public string? SharedAccessKeyName { get; private init; }

    public string? SharedAccessKey { get; private init; }

    public string? SharedAccessSignature { get; private init; }

    internal bool UseDevelopmentEmulator { get; private init; }

    /// <exception cref="FormatException">What is malformed or missing.</exception>
    public static ServiceBusConnectionStringProperties Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=');
            if (equals <= 0)
            {
                throw new FormatException("The connection string has a part that is not name=value.");
            }

            parts[part[..equals].TrimEnd()] = part[(equals + 1)..].TrimStart();
        }

        var endpoint = parts.GetValueOrDefault("Endpoint")
            ?? throw new FormatException("The connection string must have Endpoint=sb://….");
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address))
        {
            throw new FormatException("The connection string's Endpoint is not an address.");
        }

        var properties = new ServiceBusConnectionStringProperties
        {
            Endpoint = address,
            EntityPath = parts.GetValueOrDefault("EntityPath"),
            SharedAccessKeyName = parts.GetValueOrDefault("SharedAccessKeyName"),
            SharedAccessKey = parts.GetValueOrDefault("SharedAccessKey"),
            SharedAccessSignature = parts.GetValueOrDefault("SharedAccessSignature"),
            UseDevelopmentEmulator = bool.TryParse(parts.GetValueOrDefault("UseDevelopmentEmulator"), out var emulator) && emulator,
        };
        var keyed = properties is { SharedAccessKeyName: not null, SharedAccessKey: not null };
        return keyed || properties.SharedAccessSignature is not null
            ? properties
            : throw new FormatException(
                "The connection string must have SharedAccessKeyName and SharedAccessKey, or SharedAccessSignature.");
    }
}
