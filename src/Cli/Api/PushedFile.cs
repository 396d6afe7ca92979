namespace ReidCloud.Cli.Api;

/// <summary>One file of a data set on its way to the store.</summary>
/// <param name="name">What it is called there.</param>
/// <param name="length">About how many bytes it has, for people who wait.</param>
internal abstract class PushedFile(string name, long length)
{
    public string Name => name;

    public long Length => length;

    /// <summary>Calls <paramref name="read"/> with a stream that delivers the bytes, perhaps while they are made.</summary>
    public abstract Task ReadAsync(Func<Stream, Task> read, CancellationToken cancellationToken);
}

/// <summary>A file as it is.</summary>
internal sealed class PlainFile(string name, string path) : PushedFile(name, new FileInfo(path).Length)
{
    public override async Task ReadAsync(Func<Stream, Task> read, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        await read(file);
    }
}
