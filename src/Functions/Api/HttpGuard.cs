using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ReidCloud.Functions.Api;

/// <summary>
/// Stands before everything else in both hosts (a startup filter works under the Functions host too, whose worker is an ASP.NET Core host): every answer,
/// refusals included, carries the security headers, and no caller asks more often than it may.
/// </summary>
internal sealed class HttpGuard(RequestRates rates) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, following) =>
        {
            context.Response.OnStarting(() =>
            {
                SecurityHeaders.Set(context);
                return Task.CompletedTask;
            });
            if (rates.Refusal(context) is { } refusal)
            {
                await refusal.ExecuteAsync(context);
                return;
            }

            await following(context);
        });
        next(app);
    };
}
