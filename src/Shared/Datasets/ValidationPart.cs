using System.Security.Cryptography;
using System.Text;
using ReidCloud.Specs;

namespace ReidCloud.Datasets;

/// <summary>
/// A data set that is measured on some of its training identities, which then are not trained on (spec of AlignedReID §12), drawn as the reference draws them: training tracklets are shuffled, then
/// identities; of each, the first tracklet of every camera is a query and the rest is the gallery. A query that nothing of another camera could answer joins the gallery, and an identity
/// without a query is trained on. Test tracklets are left out.
/// </summary>
public static class ValidationPart
{
    private const string Path = "$.validation.identities";

    /// <summary>What the run sees of the data set: all of it, where it holds nothing back.</summary>
    /// <exception cref="SpecException">There are not that many identities, or none would be left.</exception>
    public static DatasetManifest Of(DatasetManifest manifest, RunSpec spec) =>
        spec is TrainSpec { Validation: { } validation } train ? Of(manifest, validation, train.Evaluation.Protocol) : manifest;

    /// <param name="protocol">Without cameras any other tracklet of the identity answers.</param>
    public static DatasetManifest Of(DatasetManifest manifest, ValidationSpec spec, RetrievalProtocol protocol)
    {
        var all = manifest.Of(Split.Train).Where(tracklet => !tracklet.IsDistractor).ToArray();
        var places = Enumerable.Range(0, all.Length).ToArray();
        var random = new NumpyRandom((uint)spec.Seed);
        random.Shuffle<int>(places);
        Tracklet[] shuffled = [.. places.Select(place => all[place])];
        int[] identities = [.. manifest.TrainingIdentities];
        random.Shuffle<int>(identities);
        var ofIdentity = shuffled.Index().ToLookup(tracklet => tracklet.Item.Identity, tracklet => tracklet.Index);
        List<(int Query, bool IsQuery)> held = [];
        var accepted = 0;
        foreach (var identity in identities)
        {
            if (accepted < spec.Identities && Divide([.. ofIdentity[identity]], shuffled, protocol) is { Queries.Count: > 0 } parts)
            {
                accepted++;
                held.AddRange(parts.Queries.Select(place => (place, true)));
                held.AddRange(parts.Gallery.Select(place => (place, false)));
            }
        }

        RequireEnough(manifest.Name, spec, accepted, identities.Length);
        held.Sort();
        var isHeld = held.Select(one => shuffled[one.Query].Identity).ToHashSet();
        Tracklet[] tracklets =
        [
            .. manifest.Of(Split.Train).Where(tracklet => !isHeld.Contains(tracklet.Identity)),
            .. held.Where(one => one.IsQuery).Select(one => shuffled[one.Query] with { Split = Split.Query }),
            .. held.Where(one => !one.IsQuery).Select(one => shuffled[one.Query] with { Split = Split.Gallery }),
        ];
        var findings = new FindingList();
        findings.Add(
            FindingSeverity.Note, "validation", $"training identities are held back and measured on, instead of the data set's own queries and gallery (seed {spec.Seed})",
            accepted, isHeld.Order().Select(identity => manifest.Identities[identity]));
        return manifest with
        {
            Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{manifest.Hash}\nvalidation {spec.Identities} {spec.Seed} {protocol}\n"))),
            WholeHash = manifest.Hash,
            Tracklets = tracklets,
            GalleryDraws = [],
            Diagnosis = ManifestDiagnoser.Diagnose(manifest.Identities, manifest.Cameras, tracklets, null, findings),
        };
    }

    /// <summary>The queries and the gallery of one identity, as places among the shuffled tracklets.</summary>
    private static (List<int> Queries, List<int> Gallery) Divide(int[] places, Tracklet[] shuffled, RetrievalProtocol protocol)
    {
        List<int> queries = [.. places.DistinctBy(place => shuffled[place].Camera).OrderBy(place => shuffled[place].Camera)];
        List<int> gallery = [.. places.Except(queries)];

        // The reference edits the list that it walks, so behind a query that goes the next one is not looked at: utils/dataset_utils.py, partition_train_val_set.
        for (var i = 0; i < queries.Count; i++)
        {
            var query = queries[i];
            if (!gallery.Exists(place => protocol == RetrievalProtocol.CameraLess || shuffled[place].Camera != shuffled[query].Camera))
            {
                queries.RemoveAt(i);
                gallery.Add(query);
            }
        }

        return (queries, gallery);
    }

    private static void RequireEnough(string dataset, ValidationSpec spec, int accepted, int identities)
    {
        if (accepted < spec.Identities)
        {
            throw new SpecException(Path, $"must be at most {accepted}, the training identities of data set '{dataset}' that can be searched for, was {spec.Identities}: the others were seen by one camera, or once");
        }

        if (accepted > identities - 2)
        {
            throw new SpecException(Path, $"must leave at least 2 of the {identities} training identities of data set '{dataset}' to train on, was {spec.Identities}");
        }
    }
}
