using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>What the functions are made of, the same under the Functions host and on this machine.</summary>
internal static class FunctionsServices
{
    /// <param name="hostChecksKeys">Whether a request that shows a key has passed somebody who knows it.</param>
    /// <exception cref="OptionsException">An option cannot be used; found here, before anything is served.</exception>
    public static void Add(IServiceCollection services, IConfiguration configuration, bool hostChecksKeys)
    {
        var options = configuration.GetSection(ReidCloudOptions.Section).Get<ReidCloudOptions>() ?? new ReidCloudOptions();
        var storage = new StorageAccess(options);

        // What the web framework says of every request names its query, and a key may stand in it.
        services.AddLogging(log => log.AddFilter("Microsoft.AspNetCore", LogLevel.Warning));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(storage);
        services.AddSingleton(_ => RunQueues.Create(storage));
        services.AddSingleton<RunStore>();
        services.AddSingleton<StalledRuns>();
        services.AddSingleton<DatasetStore>();
        services.AddSingleton<WeightsStore>();
        services.AddSingleton<DatasetCommits>();
        services.AddSingleton<SampleFrames>();
        services.AddSingleton<RecentHealth>();
        services.AddSingleton<WeightsPushes>();
        services.AddSingleton(new RequestRates(options, hostChecksKeys));
        services.AddSingleton<IStartupFilter, HttpGuard>();
        services.AddHostedService<StorageStart>();
    }
}
