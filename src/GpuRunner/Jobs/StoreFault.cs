using System.Net.Sockets;
using Azure;
using ReidCloud.Runs;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>Which exceptions mean that the store could not be reached or was busy: nobody's mistake, worth another try by anyone later.</summary>
internal static class StoreFault
{
    public static bool Is(Exception fault) => fault switch
    {
        // No answer has status 0; 408, 429 and 5xx ask to come again.
        RequestFailedException answer => answer.Status is 0 or 408 or 429 or >= 500,
        AggregateException several => several.InnerExceptions.All(Is),
        HttpRequestException or HttpIOException or SocketException or QueueAwayException => true,
        _ => false,
    };
}
