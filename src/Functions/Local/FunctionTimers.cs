using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ReidCloud.Functions.Local;

/// <summary>Sets timer functions off when their schedules say. One that fails is logged and set off again at its next time, as on the host.</summary>
internal sealed class FunctionTimers(IServiceScopeFactory scopes, TimeProvider time, ILogger<FunctionTimers> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(FunctionScan.Timers.Select(function => RepeatAsync(function, stoppingToken)));

    private async Task RepeatAsync(TimerFunction function, CancellationToken stoppingToken)
    {
        var schedule = CronSchedule.Parse(function.Trigger.Schedule);
        var last = time.GetUtcNow();
        if (function.Trigger.RunOnStartup)
        {
            await SetOffAsync(function, last, schedule, stoppingToken);
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            var next = schedule.NextAfter(time.GetUtcNow());
            await Task.Delay(next - time.GetUtcNow(), time, stoppingToken);
            await SetOffAsync(function, last, schedule, stoppingToken);
            last = next;
        }
    }

    private async Task SetOffAsync(TimerFunction function, DateTimeOffset last, CronSchedule schedule, CancellationToken stoppingToken)
    {
        var now = time.GetUtcNow();
        var info = new TimerInfo
        {
            ScheduleStatus = new ScheduleStatus { Last = last.UtcDateTime, Next = schedule.NextAfter(now).UtcDateTime, LastUpdated = now.UtcDateTime },
        };
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await FunctionInvocation.CallAsync(function.Method, scope.ServiceProvider, parameter => Bind(parameter, info, stoppingToken));
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            log.LogError("{Function} failed; it runs again at {Next:u}: {Fault}", function.Name, info.ScheduleStatus.Next, Redaction.Of(exception.ToString()));
        }
    }

    private static object? Bind(ParameterInfo parameter, TimerInfo info, CancellationToken stoppingToken) =>
        parameter.ParameterType == typeof(CancellationToken) ? stoppingToken : info;
}
