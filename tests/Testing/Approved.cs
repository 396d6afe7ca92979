using System.Runtime.CompilerServices;

namespace ReidCloud.Tests.Testing;

/// <summary>
/// Texts that people have read and approved: `NAME.approved.txt` beside the test. What differs is written beside it as `NAME.received.txt`, to be
/// looked at and, if it is right, renamed.
/// </summary>
internal static class Approved
{
    public static void Matches(string name, string text, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Folder(test), name);
        Compare($"{file}.approved.txt", $"{file}.received.txt", text);
    }

    /// <summary>A page that people read and that is made from the code: what differs is written beside it as `NAME.received.txt`.</summary>
    public static void IsFile(string path, string text) => Compare(path, $"{path}.received.txt", text);

    private static void Compare(string approved, string received, string text)
    {
        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n").TrimEnd() : null;
        if (expected == text.ReplaceLineEndings("\n").TrimEnd())
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text.ReplaceLineEndings("\n").TrimEnd() + "\n");
        Assert.Fail($"'{approved}' {(expected is null ? "is missing" : "says something else")}: compare it with '{received}' and rename that if it is right");
    }

    /// <summary>The folder of the test's source, wherever the checkout was when it was compiled.</summary>
    private static string Folder(string test)
    {
        var parts = Path.GetDirectoryName(test)!.Split('/', '\\');
        return Path.Combine([RepositoryRoot.Path, .. parts[Array.LastIndexOf(parts, "tests")..]]);
    }
}
