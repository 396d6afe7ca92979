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
        var folder = Folder(test);
        var approved = Path.Combine(folder, $"{name}.approved.txt");
        var received = Path.Combine(folder, $"{name}.received.txt");
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
