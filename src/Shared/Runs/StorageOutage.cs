using Azure;
using Azure.Identity;

namespace ReidCloud.Runs;

/// <summary>Which exceptions mean that the storage cannot be used now, whatever is asked of it.</summary>
public static class StorageOutage
{
    /// <summary>What is the matter and what to do about it, or null when it is something else.</summary>
    public static string? Of(Exception exception) => exception switch
    {
        // Its message tells of the tenant and of everything that was tried: that is for the log.
        AuthenticationFailedException => $"The storage cannot be used: no identity of this machine could be proved. Give it a managed identity with the roles in SECURITY.md, or set {ReidCloudOptions.Section}__{nameof(ReidCloudOptions.StorageConnection)}.",
        RequestFailedException { Status: 0 or 503 } => OutOfReach(exception),
        AggregateException { InnerException: RequestFailedException { Status: 0 } silence } => OutOfReach(silence),
        _ => null,
    };

    /// <summary>Whether another try may help: no answer has status 0; 408, 429 and 5xx ask to come again.</summary>
    public static bool Passes(RequestFailedException answer) => answer.Status is 0 or 408 or 429 or >= 500;

    private static string OutOfReach(Exception exception) =>
        $"The storage cannot be reached: {exception.Message.Split('\n')[0].Trim()} Check {ReidCloudOptions.Section}__{nameof(ReidCloudOptions.StorageConnection)}; on one machine ./reid up starts it.";
}
