using ReidCloud.Specs;

namespace ReidCloud.Datasets;

/// <summary>
/// A data set of whose training split a run sees only what some of its cameras saw. Identities that only other cameras saw are not trained; queries and gallery stay, and so does
/// the content that the data set is known by.
/// </summary>
public static class CameraPart
{
    private const string Path = "$.cameras";
    private const int MostNamed = 40;

    /// <summary>What the run sees of the data set: all of it, where it names no cameras.</summary>
    /// <exception cref="SpecException">A camera saw nothing of the training split, or too little is left to train on.</exception>
    public static DatasetManifest Of(DatasetManifest manifest, RunSpec spec) => spec is TrainSpec { Cameras.Count: > 0 } train ? Of(manifest, train.Cameras) : manifest;

    /// <summary>The cameras of the training split, by their places in the table.</summary>
    public static IReadOnlyList<int> Trained(DatasetManifest manifest) =>
        [.. manifest.Of(Split.Train).Where(tracklet => !tracklet.IsDistractor).Select(tracklet => tracklet.Camera).Distinct().Order()];

    private static DatasetManifest Of(DatasetManifest manifest, IReadOnlyList<string> names)
    {
        var meant = Meant(manifest, names);
        Tracklet[] tracklets = [.. manifest.Tracklets.Where(tracklet => tracklet.Split != Split.Train || meant.Contains(tracklet.Camera))];
        var part = manifest with { Tracklets = tracklets };
        var (before, after) = (manifest.Diagnosis.Train, ManifestDiagnoser.Count(part.Of(Split.Train)));
        if (after.Identities < 2)
        {
            throw new SpecException(Path, $"must leave at least 2 identities to train on: these cameras saw {after.Identities} of the {before.Identities} of data set '{manifest.Name}'; name more cameras");
        }

        var findings = new FindingList();
        findings.Add(
            FindingSeverity.Note, "cameras",
            $"of the training split only what some cameras saw is trained on: {after.Frames} of {before.Frames} frames, {after.Identities} of {before.Identities} identities",
            meant.Count, meant.Order().Select(camera => manifest.Cameras[camera].Name));
        return part with { Diagnosis = manifest.Diagnosis with { Train = after, Findings = [.. manifest.Diagnosis.Findings, .. findings.ToList()] } };
    }

    private static HashSet<int> Meant(DatasetManifest manifest, IReadOnlyList<string> names)
    {
        if (!manifest.HasCameras)
        {
            throw new SpecException(Path, $"has no effect: data set '{manifest.Name}' does not say which camera saw what; leave it out");
        }

        var known = Trained(manifest).ToLookup(camera => manifest.Cameras[camera].Name, StringComparer.Ordinal);
        var strange = names.Index().Where(name => !known.Contains(name.Item)).ToList();
        return strange.Count == 0
            ? [.. names.SelectMany(name => known[name])]
            : throw new SpecException(
            [
                .. strange.Select(name => new SpecError(
                    $"{Path}[{name.Index}]", $"'{ForeignText.Shown(name.Item)}' is no camera of the training split of data set '{manifest.Name}'; there are {Listed([.. known.Select(camera => camera.Key)])}")),
            ]);
    }

    private static string Listed(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNamed).Select(name => ForeignText.Shown(name))) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
}
