using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ReidCloud.Functions.Api;

/// <summary>
/// Stands before everything else in both hosts (a startup filter works under the Functions host too, whose worker is an ASP.NET Core host): every answer,
/// refusals included, carries the security headers. It answers nothing itself: an invocation whose request never comes through waits for it until it times out.
/// </summary>
internal sealed class HttpGuard : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            // At once for whoever writes past the server's own start, and again for what a refusal cleared.
            SecurityHeaders.Set(context);
            context.Response.OnStarting(() =>
            {
                SecurityHeaders.Set(context);
                return Task.CompletedTask;
            });
            return following(context);
        });
        next(app);
    };
}
