using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace ReidCloud.Functions.Api;

/// <summary>How many requests are answered of each <see cref="RateOf"/>: `RequestsPerSecond` in the long run, twice as many at once.</summary>
internal sealed class RequestRates(ReidCloudOptions options, bool hostChecksKeys) : IDisposable
{
    private const string KeyHeader = "x-functions-key";
    private const string KeyParameter = "code";
    private const string ForwardedFor = "X-Forwarded-For";

    private readonly PartitionedRateLimiter<(HttpRequest Request, RateOf Rate)> _limiter = PartitionedRateLimiter.Create<(HttpRequest Request, RateOf Rate), string>(
        asked => RateLimitPartition.GetTokenBucketLimiter(BucketOf(asked.Request, asked.Rate, hostChecksKeys), _ => Bucket(options.RequestsPerSecond)));

    /// <summary>Why the request is not answered now, or null.</summary>
    public IResult? Refusal(HttpContext context, RateOf rate)
    {
        using var lease = _limiter.AttemptAcquire((context.Request, rate));
        if (lease.IsAcquired)
        {
            return null;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, Math.Ceiling(after.TotalSeconds)) : 1;
        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        var problem = ProblemDocument.Of(
            StatusCodes.Status429TooManyRequests, $"More than {options.RequestsPerSecond} requests a second from one caller: come again in {wait} s. ReidCloud__{nameof(options.RequestsPerSecond)} sets the limit.");
        return JsonResult.Of(problem with { Instance = context.Request.Path });
    }

    public void Dispose() => _limiter.Dispose();

    private static TokenBucketRateLimiterOptions Bucket(int rate)
    {
        const int BeatsPerSecond = 10;
        var often = rate >= BeatsPerSecond;
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = 2 * rate,
            TokensPerPeriod = often ? rate / BeatsPerSecond : rate,
            ReplenishmentPeriod = TimeSpan.FromSeconds(often ? 1.0 / BeatsPerSecond : 1),
            QueueLimit = 0,
            AutoReplenishment = true,
        };
    }

    /// <summary>Short whatever was sent, and no key.</summary>
    private static string BucketOf(HttpRequest request, RateOf rate, bool hostChecksKeys) => rate switch
    {
        RateOf.Caller => hostChecksKeys && KeyIn(request) is { Length: > 0 } key
            ? $"key {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}"
            : AddressOf(request, hostChecksKeys),
        RateOf.Anyone => "anyone",
        RateOf.Refused => $"refused {AddressOf(request, hostChecksKeys)}",
    };

    private static string KeyIn(HttpRequest request) => request.Headers[KeyHeader] is [{ Length: > 0 } header, ..] ? header : request.Query[KeyParameter].ToString();

    /// <summary>Of the addresses on the way only the last was written by the platform, with a port or without; those before it anyone can make up.</summary>
    private static string AddressOf(HttpRequest request, bool isBehindHost)
    {
        var last = isBehindHost && request.Headers[ForwardedFor] is [.., { } way] ? way.Split(',')[^1].Trim() : "";
        var address = IPEndPoint.TryParse(last, out var from) ? from.Address : request.HttpContext.Connection.RemoteIpAddress;
        return $"{(address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)}";
    }
}
