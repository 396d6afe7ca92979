using System.Globalization;
using System.Net.NetworkInformation;
using System.Text.Json.Serialization;

namespace ReidCloud.Cli.Local;

/// <summary>Where a local system listens. The defaults are Azurite's and the Functions tools' own.</summary>
internal sealed record LocalPorts(int Functions = 7071, int Storage = 10000)
{
    /// <summary>Azurite's emulator account: published, the same on every machine, good for nothing else.</summary>
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    [JsonIgnore]
    public int Blobs => Storage;

    [JsonIgnore]
    public int Queues => Storage + 1;

    [JsonIgnore]
    public int Tables => Storage + 2;

    [JsonIgnore]
    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Functions}/"));

    [JsonIgnore]
    public string StorageConnection => string.Create(
        CultureInfo.InvariantCulture,
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};BlobEndpoint=http://127.0.0.1:{Blobs}/{Account};QueueEndpoint=http://127.0.0.1:{Queues}/{Account};");

    public static bool IsTaken(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port);

    /// <summary>What a person needs to know when another program has the port.</summary>
    public static CommandException Taken(int port, string service, string option) => CommandException.Fault(
        $"port {port}, which {service} needs, is in use by another program",
        (OperatingSystem.IsWindows() ? $"`netstat -ano | findstr :{port}`" : $"`ss -ltnp 'sport = :{port}'`") +
        $" shows which: stop it, or take another port with {option}; a system that another checkout of ReidCloud left is stopped by `./reid down` there");
}
