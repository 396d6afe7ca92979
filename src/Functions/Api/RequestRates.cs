using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace ReidCloud.Functions.Api;

/// <summary>
/// How many requests one caller may make: `RequestsPerSecond` in the long run, twice as many at once. A caller is a key where the host has verified it, else
/// an address: a key that nobody has checked would be another each time.
/// </summary>
internal sealed class RequestRates(ReidCloudOptions options, bool hostChecksKeys) : IDisposable
{
    private const string KeyHeader = "x-functions-key";
    private const string KeyParameter = "code";
    private const string ForwardedFor = "X-Forwarded-For";

    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(
        context => RateLimitPartition.GetTokenBucketLimiter(CallerOf(context.Request, hostChecksKeys), _ => Bucket(options.RequestsPerSecond)));

    /// <summary>Why the request is not answered now, or null.</summary>
    public IResult? Refusal(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(context);
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

    private static string CallerOf(HttpRequest request, bool hostChecksKeys)
    {
        var connection = request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";
        if (!hostChecksKeys)
        {
            return connection;
        }

        var key = request.Headers[KeyHeader] is [{ Length: > 0 } header, ..] ? header : request.Query[KeyParameter].ToString();

        // Of the addresses on the way only the last was written by the platform; those before it anyone can make up.
        return key.Length > 0 ? $"key {key}" : request.Headers[ForwardedFor] is [.., { Length: > 0 } way] ? way.Split(',')[^1].Trim() : connection;
    }
}
