using ReidCloud.Specs;

namespace ReidCloud.Weights;

/// <summary>
/// Pushed weights: the file, which network it is, and where in the file each of its entries is. Names in <see cref="Missing"/> are the network's that the
/// file lacks, in <see cref="LeftOver"/> the first of the file's that the network lacks.
/// </summary>
public sealed record WeightsManifest(
    string File,
    WeightsFormat Format,
    long Length,
    string Sha256,
    ModelSpec Model,
    IReadOnlyList<WeightsEntry> Entries,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> LeftOver,
    IReadOnlyList<string> Notes,
    DateTimeOffset PushedAt)
{
    private const int MostLeftOver = 100;

    /// <summary>How many the network lacks beyond those that <see cref="LeftOver"/> names.</summary>
    public int MoreLeftOver { get; init; }

    /// <summary>How many identities its classifier tells apart; null when it has no head.</summary>
    public int? Identities { get; init; }

    /// <summary>Reads a file and finds out which network it is.</summary>
    /// <param name="asked">The backbone that it must be, or null to recognise it.</param>
    /// <param name="parameters">What VKD's program said about it, or null.</param>
    /// <exception cref="WeightsException">It is none that can be used; why, where, and what to do.</exception>
    public static WeightsManifest Of(
        Stream content, string file, string sha256, BackboneName? asked, ReferenceParameters? parameters, DateTimeOffset now)
    {
        if (asked is not null && parameters is not null && asked != parameters.Backbone)
        {
            throw new WeightsException(
                $"{ReferenceParameters.FileName} says {NameConverterFactory.NameOf(parameters.Backbone)}, while {NameConverterFactory.NameOf(asked.Value)} was asked for. Leave one of them out.");
        }

        var weights = WeightsFile.Read(content, file);
        var match = WeightsMatch.Of(weights, asked ?? parameters?.Backbone, file);
        parameters?.Require(match, file);
        return new WeightsManifest(
            file,
            weights.Format,
            content.Length,
            sha256,
            match.Model,
            match.Entries,
            match.Missing,
            [.. match.LeftOver.Take(MostLeftOver)],
            [.. weights.Notes, .. match.Notes],
            now)
        {
            MoreLeftOver = Math.Max(0, match.LeftOver.Count - MostLeftOver),
            Identities = match.Identities,
        };
    }
}
