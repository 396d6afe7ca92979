using System.Net.Sockets;
using Azure;
using ReidCloud.Runs;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>Which exceptions mean that the store could not be reached or was busy: nobody's mistake, worth another try by anyone later.</summary>
internal static class StoreFault
{
    public static bool Is(Exception fault) => fault switch
    {
        RequestFailedException answer => StorageOutage.Passes(answer),
        AggregateException several => several.InnerExceptions.All(Is),
        HttpRequestException or HttpIOException or SocketException or QueueAwayException => true,
        _ => false,
    };
}
