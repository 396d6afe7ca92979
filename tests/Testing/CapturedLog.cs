using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ReidCloud.Tests.Testing;

/// <summary>Keeps every line that passes the filters, with all that a log store would keep of it: the values by name, and the exception.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Category(string name, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
            lines.Enqueue($"{logLevel} {name}: {formatter(state, exception)} {string.Join(", ", values.Select(value => $"{value.Key}={value.Value}"))} {exception}");
        }
    }
}
