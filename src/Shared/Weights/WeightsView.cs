using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.Weights;

/// <summary>Asks for an address to upload a weights file to, or the hparams.json that lay beside it.</summary>
public sealed record WeightsUploadRequest(string File);

/// <summary>Where to PUT the file's bytes (as a block blob), and until when.</summary>
public sealed record WeightsUploadOffer(string Weights, string File, Uri Url, DateTimeOffset ExpiresAt)
{
    /// <summary>Headers that a single PUT must carry.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string> { ["x-ms-blob-type"] = "BlockBlob" };
}

/// <summary>
/// Asks to make weights of the file that was uploaded. Without a backbone it is recognised. Without the SHA-256 of the bytes that are meant, in hexadecimal
/// digits, whatever is there under the name counts, though somebody else put it there.
/// </summary>
public sealed record PushRequest(BackboneName? Backbone = null, string? Sha256 = null);

/// <summary>
/// Pushed weights as the HTTP API shows them: how many tensors of the network were found, which the file lacks, and the first of those that the network lacks.
/// </summary>
public sealed record WeightsView(
    string Name,
    string File,
    WeightsFormat Format,
    long Length,
    string Sha256,
    ModelSpec Model,
    int Matched,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> LeftOver,
    IReadOnlyList<string> Notes,
    DateTimeOffset PushedAt)
{
    /// <summary>How many of the file's the network lacks beyond those that <see cref="LeftOver"/> names.</summary>
    public int MoreLeftOver { get; init; }

    /// <summary>How many identities the classifier tells apart; absent where there is no head, as in ImageNet's weights.</summary>
    public int? Identities { get; init; }

    public static WeightsView Of(string name, WeightsManifest weights) => new(
        name, weights.File, weights.Format, weights.Length, weights.Sha256, weights.Model, weights.Entries.Count,
        weights.Missing, weights.LeftOver, weights.Notes, weights.PushedAt)
    {
        MoreLeftOver = weights.MoreLeftOver,
        Identities = weights.Identities,
    };
}

/// <summary>Pushed weights in a list. What was missing and left over is shown of one at a time.</summary>
public sealed record WeightsSummary(
    string Name, string File, WeightsFormat Format, long Length, string Sha256, ModelSpec Model, int Matched, DateTimeOffset PushedAt)
{
    /// <inheritdoc cref="WeightsView.Identities"/>
    public int? Identities { get; init; }

    public static WeightsSummary Of(string name, WeightsManifest weights) => new(
        name, weights.File, weights.Format, weights.Length, weights.Sha256, weights.Model, weights.Entries.Count, weights.PushedAt)
    {
        Identities = weights.Identities,
    };
}

/// <summary>In order of names. Ask again with `?continue=` <see cref="Continue"/> for the next page; without it this is the last.</summary>
public sealed record WeightsList(IReadOnlyList<WeightsSummary> Weights)
{
    /// <summary>Names of this page of which nothing can be shown; absent when there are none.</summary>
    public IReadOnlyList<DamagedName>? Damaged { get; init; }

    public string? Continue { get; init; }
}
