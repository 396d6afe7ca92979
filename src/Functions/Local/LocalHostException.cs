namespace ReidCloud.Functions.Local;

/// <summary>The local host cannot start, and what to do about it.</summary>
internal sealed class LocalHostException(string message, Exception? inner = null) : Exception(message, inner)
{
    public static LocalHostException PortTaken(int port, Exception inner) => new(
        $"Port {port} is taken by another process, perhaps an API that is running already. Find it: "
        + (OperatingSystem.IsWindows() ? $"netstat -ano | findstr :{port}" : $"ss -ltnp 'sport = :{port}'")
        + $". Or choose another port: --port NUMBER, or REIDCLOUD_FUNCTIONS_PORT=NUMBER (0 takes a free one).",
        inner);

    public static LocalHostException StorageOutOfReach(Exception inner) => new(
        "The storage cannot be reached. ./reid up starts Azurite and this API together; or set ReidCloud__StorageConnection to an account that is up. "
        + $"It said: {(inner.InnerException ?? inner).Message.Split('\n')[0].Trim()}",
        inner);
}
