using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using ReidCloud.Functions.Local;

namespace ReidCloud.Functions;

/// <summary>Under the Functions host a worker, else a web server on this machine: the same functions either way.</summary>
internal static class Program
{
    private const string HostAddressSwitch = "--functions-uri";
    private const string HostAddressKey = "Functions:Worker:HostEndpoint";
    private const string NativeHostData = "AZURE_FUNCTIONS_NATIVE_HOST";

    private static async Task<int> Main(string[] args)
    {
        if (IsUnderFunctionsHost(args))
        {
            var builder = FunctionsApplication.CreateBuilder(args);
            builder.ConfigureFunctionsWebApplication();
            FunctionsServices.Add(builder.Services, builder.Configuration, hostChecksKeys: true);
            await builder.Build().RunAsync();
            return 0;
        }

        return await LocalHost.RunAsync(args);
    }

    /// <summary>The host passes its address to the worker it starts: on the command line, or from native code through the environment.</summary>
    private static bool IsUnderFunctionsHost(string[] args) =>
        args.Any(argument => argument.StartsWith(HostAddressSwitch, StringComparison.Ordinal))
        || AppContext.GetData(NativeHostData) is not null
        || Environment.GetEnvironmentVariable(HostAddressKey.Replace(":", "__", StringComparison.Ordinal)) is not null;
}
