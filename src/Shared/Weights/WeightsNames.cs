using System.Text.RegularExpressions;
using ReidCloud.Datasets;

namespace ReidCloud.Weights;

/// <summary>What tensors in files are called, and what programs put in front of or into the names without meaning another tensor.</summary>
internal static partial class WeightsNames
{
    public const int Longest = 512;
    private const int LongestShown = 128;

    /// <summary>From torch.nn.DataParallel, torch.compile, and training programs whose network is a member.</summary>
    private static readonly string[] Prefixes = ["module.", "_orig_mod.", "model."];

    /// <summary>A stranger's text for a message: short, and without what moves a terminal's cursor.</summary>
    public static string Shown(string text) => ForeignText.Shown(text, LongestShown);

    public static string Printable(string text) => ForeignText.Printable(text);

    public static bool IsGood(string name) => name.Length is > 0 and <= Longest && ForeignText.FaultOf(name) is null;

    /// <summary>The prefix that all names share and that says nothing, possibly of several parts; "" without.</summary>
    public static string SharedPrefix(IReadOnlyCollection<string> names)
    {
        var shared = "";
        while (Prefixes.FirstOrDefault(prefix => names.All(name => Follows(name, shared, prefix))) is { } next)
        {
            shared += next;
        }

        return shared;
    }

    /// <summary>torchvision's DenseNets of 2017 number inside the layer (`norm.1`), later ones at its name (`norm1`): torchvision/models/densenet.py, _load_state_dict.</summary>
    public static string Modern(string name) => OldDenseLayer().Replace(name, "$1$2");

    private static bool Follows(string name, string before, string prefix) =>
        name.Length > before.Length + prefix.Length && string.CompareOrdinal(name, before.Length, prefix, 0, prefix.Length) == 0;

    [GeneratedRegex(@"(\bdenselayer\d+\.(?:norm|relu|conv))\.([12]\.(?:weight|bias|running_mean|running_var)\z)", RegexOptions.CultureInvariant)]
    private static partial Regex OldDenseLayer();
}
