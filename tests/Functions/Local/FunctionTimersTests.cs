using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ReidCloud.Functions.Local;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions.Local;

public sealed class FunctionTimersTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Sets_functions_off_when_their_schedules_say()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        await api.AddDatasetAsync("mine", "p", "q");
        var run = await api.SubmitAsync();
        await api.Storage.Queue.ClearMessagesAsync();
        var clock = AMomentBefore(minutesFromNow: 5);
        var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(new StalledRuns(api.Service<RunStore>(), api.Service<RunQueue>(), clock))
            .BuildServiceProvider();
        using var timers = new FunctionTimers(services.GetRequiredService<IServiceScopeFactory>(), clock, NullLogger<FunctionTimers>.Instance);

        await timers.StartAsync(default);
        var nudge = await api.Service<RunQueue>().ReceiveAsync(TimeSpan.FromSeconds(10), default);
        await timers.StopAsync(default);

        Assert.Equal(run, nudge!.Run);
    }

    [Fact]
    public async Task A_function_that_fails_is_set_off_again()
    {
        var log = new Failures();
        var clock = AMomentBefore(minutesFromNow: 0);
        await using var nothing = new ServiceCollection().BuildServiceProvider();
        using var timers = new FunctionTimers(nothing.GetRequiredService<IServiceScopeFactory>(), clock, log);

        await timers.StartAsync(default);
        await log.Twice.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await timers.StopAsync(default);
    }

    /// <summary>50 ms before a full minute. The clock stands still, so that minute comes again and again.</summary>
    private static ManualClock AMomentBefore(int minutesFromNow)
    {
        var now = DateTimeOffset.UtcNow.AddMinutes(minutesFromNow);
        return new ManualClock(now.AddTicks(TimeSpan.TicksPerMinute - (now.Ticks % TimeSpan.TicksPerMinute)) - TimeSpan.FromMilliseconds(50));
    }

    private sealed class Failures : ILogger<FunctionTimers>
    {
        private int _count;

        public TaskCompletionSource Twice { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error && Interlocked.Increment(ref _count) == 2)
            {
                Twice.SetResult();
            }
        }
    }
}
