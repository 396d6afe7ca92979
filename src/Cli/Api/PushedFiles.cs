using System.IO.Compression;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Api;

/// <summary>
/// What is uploaded for a path: a .zip as it is; a .tar, .tar.gz or .tgz packed anew as a .zip, and cuhk-03.mat as a .zip of its images; of a folder each of these in it
/// likewise, and all its other files as one .zip. Names inside an archive stay as they are, wherever the archive lies.
/// </summary>
internal static class PushedFiles
{
    private const string Zip = ".zip";
    private const string Mat = ".mat";

    /// <summary>Where a tar's first header says what it is.</summary>
    private const int TarMark = 257;
    private static readonly string[] Tars = [".tar", ".tar.gz", ".tgz"];
    private static readonly string[] Unreadable = [".7z", ".rar", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst"];

    /// <exception cref="CommandException">There is no such thing, or it cannot be a data set.</exception>
    public static IReadOnlyList<PushedFile> Of(string path)
    {
        if (Directory.Exists(path))
        {
            return OfFolder(path);
        }

        if (File.Exists(path) && IsCrops(path))
        {
            return [OfCrops(path, Path.GetFileName(path))];
        }

        if (!File.Exists(path) || !IsArchive(path))
        {
            throw CommandException.Mistake(
                File.Exists(path) ? $"'{path}' is no .zip, .tar, .tar.gz or .tgz" : $"there is no file or folder '{path}'",
                "a data set is pushed as the archive its authors publish, or as a folder of files or archives; unpack other archives first");
        }

        return [OfArchive(path, Path.GetFileName(path))];
    }

    private static List<PushedFile> OfFolder(string folder)
    {
        var files = FolderFile.In(folder);
        if (files.Count == 0)
        {
            throw CommandException.Mistake($"the folder '{folder}' holds no file");
        }

        if (files.FirstOrDefault(file => Unreadable.Any(end => Ends(file.Name, end))) is { Path: not null } unreadable)
        {
            throw CommandException.Mistake($"'{unreadable.Path}' is an archive that cannot be read", "unpack it, and move it out of the folder; .zip, .tar and .tar.gz are read");
        }

        var pushed = new List<PushedFile>();
        foreach (var (path, name) in files.Where(file => IsArchive(file.Name)))
        {
            var unpacked = Path.Combine(Path.GetDirectoryName(path)!, Stem(Path.GetFileName(path)));
            if (Directory.Exists(unpacked))
            {
                throw CommandException.Mistake($"'{path}' lies beside the folder '{unpacked}', which looks like its content unpacked", "move one of the two out of the folder");
            }

            pushed.Add(OfArchive(path, name));
        }

        var crops = files.Where(file => IsCrops(file.Path)).ToList();
        pushed.AddRange(crops.Select(file => OfCrops(file.Path, file.Name)));
        var loose = files.Where(file => !IsArchive(file.Name)).Except(crops).ToList();
        if (loose.Count > 0)
        {
            pushed.Add(FolderArchive.Of(FreeName(folder, pushed), loose));
        }

        return pushed.CountBy(file => file.Name, StringComparer.Ordinal).FirstOrDefault(count => count.Value > 1) is { Key: { } twice }
            ? throw CommandException.Mistake($"several archives in '{folder}' would be called '{twice}'", "rename one of them")
            : pushed;
    }

    /// <summary>Is it a MATLAB file of version 7.3? Of those there is CUHK03's only.</summary>
    private static bool IsCrops(string path)
    {
        if (!Ends(path, Mat))
        {
            return false;
        }

        using var file = File.OpenRead(path);
        var head = new byte[Hdf5File.LongestHead];
        return Hdf5File.Begins(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
    }

    /// <summary>CUHK03's release, by its name: other archives are not looked into, which may take long.</summary>
    private static bool HoldsCrops(string path)
    {
        if (!Path.GetFileName(path).Contains("cuhk03", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        try
        {
            using var archive = ZipFile.OpenRead(path);
            return archive.Entries.Any(entry => entry.Name == Cuhk03MatFile.FileName);
        }
        catch (InvalidDataException)
        {
            // What is wrong with it, the commit says.
            return false;
        }
    }

    private static Cuhk03Archive OfCrops(string path, string name)
    {
        using var file = File.OpenRead(path);
        try
        {
            Cuhk03MatFile.Open(file, path);
        }
        catch (Hdf5Exception exception)
        {
            throw CommandException.Mistake(exception.Message, "of MATLAB files of version 7.3, only CUHK03's cuhk-03.mat is read; save others by save(…, '-v7')");
        }

        return new Cuhk03Archive(name[..^Mat.Length] + Zip, path);
    }

    /// <summary>By what it is, where it begins as one or the other; else by its name, for whoever reads it to say what is wrong.</summary>
    private static PushedFile OfArchive(string path, string name)
    {
        var head = new byte[TarMark + 5];
        using (var file = File.OpenRead(path))
        {
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }

        var isTar = head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || head.AsSpan(Math.Min(head.Length, TarMark)).SequenceEqual("ustar"u8);
        if (HoldsCrops(path))
        {
            throw CommandException.Mistake($"'{path}' holds {Cuhk03MatFile.FileName}, which is not read out of an archive", "unpack it, and push the file or its folder");
        }

        return Ends(name, Zip) && !isTar ? new PlainFile(name, path)
            : !isTar && head.AsSpan().StartsWith("PK\x03\x04"u8) ? new PlainFile(Stem(name) + Zip, path)
            : new TarArchive(Stem(name) + Zip, path);
    }

    /// <summary>The loose files are called as the folder is, unless an archive in it is.</summary>
    private static string FreeName(string folder, List<PushedFile> taken)
    {
        var name = Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar));
        return taken.Any(file => file.Name == name + Zip) ? $"{name}-files{Zip}" : name + Zip;
    }

    private static bool IsArchive(string name) => Ends(name, Zip) || Tars.Any(end => Ends(name, end));

    private static string Stem(string name) => name[..^Tars.Append(Zip).Where(end => Ends(name, end)).Max(end => end.Length)];

    private static bool Ends(string name, string end) => name.EndsWith(end, StringComparison.OrdinalIgnoreCase) && name.Length > end.Length;
}
