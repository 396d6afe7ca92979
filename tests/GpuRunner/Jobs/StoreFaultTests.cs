using Azure;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.Runs;

namespace ReidCloud.Tests.GpuRunner.Jobs;

public sealed class StoreFaultTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(412, false)]
    public void A_busy_or_absent_store_is_nobodys_mistake_a_refusal_is(int status, bool expected)
    {
        Assert.Equal(expected, StoreFault.Is(new RequestFailedException(status, "answer")));
        Assert.Equal(expected, StoreFault.Is(new AggregateException(new RequestFailedException(status, "answer"), new HttpRequestException("no answer"))));
    }

    [Fact]
    public void A_queue_that_does_not_answer_is_nobodys_mistake() => Assert.True(StoreFault.Is(new QueueAwayException("runs", new RequestFailedException(0, "no answer"))));

    [Fact]
    public void Other_exceptions_are_not_the_stores() => Assert.False(StoreFault.Is(new InvalidDataException("rust")));
}
