using ReidCloud.Specs;

namespace ReidCloud.Weights;

/// <summary>
/// What other programs call the entries of networks in the files that they save, and what network such a file is, which its tensors alone do not tell. Beside the names that the backbone's own
/// public weights have, two programs' that keep the backbone in a member `base`: AlignedReID's public code (`fc`, `local_conv`, `local_bn`; its spec §1) and the strong baseline (Luo et al.
/// 2019: `bottleneck`, `classifier`).
/// </summary>
public static class PublicNames
{
    private const string Base = "base.";
    private const string Classifier = "classifier.classifier.";
    private const string Bottleneck = "classifier.bottleneck.";

    /// <summary>Whether there are programs that keep such a backbone in a member `base`.</summary>
    public static bool HasBase(BackboneName backbone) => backbone.IsPlainResNet() || backbone.IsIbn();

    /// <summary>The network of AlignedReID's public code: stride 32, ReLU at the end, no neck.</summary>
    public static ModelSpec Aligned(BackboneName backbone, LocalBranchSpec? local) =>
        new(backbone) { LastStride = 2, FinalRelu = true, Neck = NeckName.None, Local = local };

    /// <summary>The strong baseline's: stride 16, ReLU at the end, a BNNeck.</summary>
    public static ModelSpec Baseline(BackboneName backbone) => new(backbone) { LastStride = 1, FinalRelu = true };

    /// <summary>What a program that keeps the backbone in a member `base` calls the entry; null where such have none.</summary>
    public static string? InBase(NetworkEntry entry, NeckName neck) => entry switch
    {
        { Part: NetworkPart.Backbone, Public: { } known } => Base + known,
        { Part: NetworkPart.Local } => entry.Name,
        { Part: NetworkPart.Head } when entry.Name.StartsWith(Classifier, StringComparison.Ordinal) =>
            $"{(neck == NeckName.None ? "fc" : "classifier")}.{entry.Name[Classifier.Length..]}",
        { Part: NetworkPart.Head } => $"bottleneck.{entry.Name[Bottleneck.Length..]}",
        _ => null,
    };

    /// <summary>
    /// Under which names to write a network's entries, by ours, so that the program that computes this very network reads them, and pushed again they are it; ours where there is
    /// no such program but VKD's.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Of(ModelSpec model)
    {
        Func<NetworkEntry, string?> name =
            HasBase(model.Backbone) && (model == Aligned(model.Backbone, model.Local) || model == Baseline(model.Backbone)) ? entry => InBase(entry, model.Neck)
            : model.MultiView is not null ? entry => entry.Public ?? entry.Name
            : model.Backbone.IsOsNet() && model == new ModelSpec(model.Backbone) { Neck = NeckName.None } ? entry => entry.Public
            : entry => entry.Name;
        return NetworkEntries.Of(model).ToDictionary(entry => entry.Name, entry => name(entry)!, StringComparer.Ordinal);
    }

    /// <summary>Without the member that the backbone is in; null of names that are of no backbone in a `base`.</summary>
    internal static string? OutOfBase(string name) => name.StartsWith(Base, StringComparison.Ordinal) ? name[Base.Length..] : null;
}
