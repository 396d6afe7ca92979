using System.Text.RegularExpressions;

namespace ReidCloud;

/// <summary>Finds what is wrong with options, all at once, without touching a service.</summary>
public static partial class ReidCloudOptionsValidator
{
    private static readonly TimeSpan LongestUpload = TimeSpan.FromDays(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>A machine that is taken away is gone within minutes.</summary>
    private static readonly TimeSpan LongestResume = TimeSpan.FromHours(1);

    /// <summary>Functions must answer within 230 seconds on every plan.</summary>
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(200);

    /// <exception cref="OptionsException">Anything is wrong.</exception>
    public static void Require(ReidCloudOptions options)
    {
        var faults = Check(options);
        if (faults.Count > 0)
        {
            throw new OptionsException(faults);
        }
    }

    public static IReadOnlyList<string> Check(ReidCloudOptions options)
    {
        var faults = new List<string>();
        void Demand(bool met, string option, string rule)
        {
            if (!met)
            {
                faults.Add($"{ReidCloudOptions.Section}__{option} {rule}");
            }
        }

        Demand(!Given(options.StorageConnection) || !Given(options.StorageAccount), nameof(options.StorageConnection),
            $"and {ReidCloudOptions.Section}__{nameof(options.StorageAccount)} are both set: keep one");
        Demand(Given(options.StorageConnection) || Given(options.StorageAccount), nameof(options.StorageConnection),
            "is missing: a storage connection string (Azurite: UseDevelopmentStorage=true), or set "
            + $"{ReidCloudOptions.Section}__{nameof(options.StorageAccount)} to use a managed identity");
        Demand(!Given(options.StorageConnection) || ConnectionString().IsMatch(options.StorageConnection!), nameof(options.StorageConnection),
            "is not a storage connection string: it needs UseDevelopmentStorage=true, or AccountName= and AccountKey=, or BlobEndpoint=");
        Demand(!Given(options.StorageAccount) || IsBlobService(options.StorageAccount!), nameof(options.StorageAccount),
            $"must be the blob service's address, https://NAME.blob.core.windows.net, was '{options.StorageAccount}'");
        Demand(Prefix().IsMatch(options.StoragePrefix), nameof(options.StoragePrefix),
            $"must be at most 40 lowercase letters, digits and single hyphens, beginning with a letter or digit, was '{options.StoragePrefix}'");
        Demand(!Given(options.ServiceBusConnection) || !Given(options.ServiceBusNamespace), nameof(options.ServiceBusConnection),
            $"and {ReidCloudOptions.Section}__{nameof(options.ServiceBusNamespace)} are both set: keep one, or none for a storage queue");
        Demand(!Given(options.ServiceBusConnection) || options.ServiceBusConnection!.Contains("Endpoint=sb://", StringComparison.OrdinalIgnoreCase),
            nameof(options.ServiceBusConnection), "is not a Service Bus connection string: it begins with Endpoint=sb://");
        Demand(!Given(options.ServiceBusNamespace) || Uri.CheckHostName(options.ServiceBusNamespace) == UriHostNameType.Dns,
            nameof(options.ServiceBusNamespace), $"must be a host name such as NAME.servicebus.windows.net, was '{options.ServiceBusNamespace}'");
        Demand(QueueName().IsMatch(options.Queue) && options.StoragePrefix.Length + options.Queue.Length + ReidCloudOptions.HighQueue.Length <= 63, nameof(options.Queue),
            $"must be 3 to {63 - ReidCloudOptions.HighQueue.Length} lowercase letters, digits and single hyphens, prefix included, was '{options.Queue}'");
        Demand(options.LeaseSeconds is >= 15 and <= 60, nameof(options.LeaseSeconds), $"must be 15 to 60, was {options.LeaseSeconds}");
        Demand(options.StoragePatience >= TimeSpan.FromSeconds(1) && options.StoragePatience <= LongestWait, nameof(options.StoragePatience),
            $"must be between a second and a day, was {options.StoragePatience}");
        Demand(options.ResumeAfter >= TimeSpan.Zero && options.ResumeAfter <= LongestResume, nameof(options.ResumeAfter),
            $"must be between 0 (it ends) and {LongestResume.TotalHours} hours, was {options.ResumeAfter}");
        Demand(options.MemoryLimitMiB >= 0, nameof(options.MemoryLimitMiB), $"must be 0 (90 % of what there is) or more, was {options.MemoryLimitMiB}");
        Demand(options.ResidentMiB >= 0, nameof(options.ResidentMiB), $"must be 0 (frames travel with each batch) or more, was {options.ResidentMiB}");
        Demand(options.Threads >= 0, nameof(options.Threads), $"must be 0 (as many as processors) or more, was {options.Threads}");
        Demand(Device().IsMatch(options.Device), nameof(options.Device), $"must be auto, cpu, cuda or cuda:N, or several of them but auto with commas between, was '{options.Device}'");
        Demand(options.UploadValidity >= TimeSpan.FromMinutes(1) && options.UploadValidity <= LongestUpload, nameof(options.UploadValidity),
            $"must be between a minute and a day, was {options.UploadValidity}");
        Demand(options.RequestsPerSecond is >= 1 and <= 1_000_000, nameof(options.RequestsPerSecond), $"must be 1 to 1000000, was {options.RequestsPerSecond}");
        Demand(options.CommitPatience >= TimeSpan.Zero && options.CommitPatience <= LongestPatience, nameof(options.CommitPatience),
            $"must be between 0 and {LongestPatience.TotalSeconds} seconds, was {options.CommitPatience}");
        return faults;
    }

    private static bool Given(string? text) => !string.IsNullOrWhiteSpace(text);

    private static bool IsBlobService(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
        && address.Host.Contains(".blob.", StringComparison.Ordinal) && address.PathAndQuery == "/";

    [GeneratedRegex("UseDevelopmentStorage=true|AccountName=.*AccountKey=|AccountKey=.*AccountName=|BlobEndpoint=", RegexOptions.IgnoreCase)]
    private static partial Regex ConnectionString();

    [GeneratedRegex("^(?=.{0,40}$)([a-z0-9]+-?)*$")]
    private static partial Regex Prefix();

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex QueueName();

    [GeneratedRegex(@"^(auto|(cpu|cuda(:\d{1,2})?)(,(cpu|cuda(:\d{1,2})?))*)$")]
    private static partial Regex Device();
}
