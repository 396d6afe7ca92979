using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;

namespace Azure.Messaging.ServiceBus;

/// <summary>Makes the Authorization header: a SAS token that is given or signed here, or an Entra token. Kept until shortly before it expires.</summary>
internal sealed class Authorization(Func<CancellationToken, ValueTask<(string Header, DateTimeOffset Expires)>> issue) : IDisposable
{
    private const string Scope = "https://servicebus.azure.net/.default";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);
    private readonly SemaphoreSlim _gate = new(1);
    private (string Header, DateTimeOffset Expires) _current;

    public static Authorization Of(ServiceBusConnectionStringProperties properties, Uri service) => new(_ =>
        properties.SharedAccessSignature is { } signature
            ? ValueTask.FromResult((signature, DateTimeOffset.MaxValue))
            : ValueTask.FromResult(Sign(service, properties.SharedAccessKeyName!, properties.SharedAccessKey!)));

    public static Authorization Of(TokenCredential credential) => new(async cancellationToken =>
    {
        var token = await credential.GetTokenAsync(new TokenRequestContext([Scope]), cancellationToken).ConfigureAwait(false);
        return ($"Bearer {token.Token}", token.ExpiresOn);
    });

    public async ValueTask<string> HeaderAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_current.Header is null || _current.Expires - DateTimeOffset.UtcNow < Margin)
            {
                _current = await issue(cancellationToken).ConfigureAwait(false);
            }

            return _current.Header;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>The documented form: HMAC-SHA256 over the escaped resource address, a line feed and the expiry in Unix seconds.</summary>
    private static (string Header, DateTimeOffset Expires) Sign(Uri service, string name, string key)
    {
        var expires = DateTimeOffset.UtcNow + Lifetime;
        var resource = Uri.EscapeDataString(service.AbsoluteUri);
        var seconds = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{resource}\n{seconds}"));
        var sig = Uri.EscapeDataString(Convert.ToBase64String(signature));
        return ($"SharedAccessSignature sr={resource}&sig={sig}&se={seconds}&skn={Uri.EscapeDataString(name)}", expires);
    }
}
