using System.IO.Compression;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Api;

/// <summary>
/// A .tar, compressed by gzip or not, packed anew as a .zip entry by entry while it is read: the store reads single frames, which a .tar.gz does not allow. Folders
/// and names that begin with a dot are left out; what a .zip for the store may not have is refused here.
/// </summary>
internal sealed class TarArchive(string name, string path, ArchiveLimits? limits = null) : PushedFile(name, new FileInfo(path).Length)
{
    public override Task ReadAsync(Func<Stream, Task> read, CancellationToken cancellationToken) => ZipOnTheWay.ReadAsync(
        async (archive, stop) =>
        {
            await using var file = File.OpenRead(path);
            await using var content = IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
            try
            {
                await RepackAsync(new TarEntries(content, path, limits ?? ArchiveLimits.Default), archive, stop);
            }
            catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
            {
                throw CommandException.Mistake($"'{path}' is damaged or cut off: {exception.Message}", "get the archive again");
            }
        },
        read,
        cancellationToken);

    private async Task RepackAsync(TarEntries entries, ZipArchive archive, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await entries.NextAsync(cancellationToken) is { } entry)
        {
            if (entry.Name.Split('/').Any(part => part.StartsWith('.') && part != ".."))
            {
                continue;
            }

            if (!names.Add(entry.Name))
            {
                throw CommandException.Mistake($"'{path}' holds '{entry.Name}' twice", "which one counts cannot be told: unpack it, and push the folder");
            }

            await archive.AddAsync(entry.Name, entry.Content, cancellationToken);
        }

        if (names.Count == 0)
        {
            throw CommandException.Mistake($"'{path}' is an archive without files");
        }
    }

    /// <summary>By its first two bytes: names lie.</summary>
    private static bool IsGzip(FileStream file)
    {
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip;
    }
}
