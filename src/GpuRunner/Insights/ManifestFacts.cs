using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>What a report says of the data set that was measured on.</summary>
internal static class ManifestFacts
{
    public static DatasetFacts Of(DatasetManifest manifest)
    {
        var diagnosis = manifest.Diagnosis;
        (Split, SplitCounts?)[] splits =
            [(Split.Train, diagnosis.Train), (Split.Query, diagnosis.Query), (Split.QueryImage, diagnosis.QueryImage), (Split.MultiQuery, diagnosis.MultiQuery), (Split.Gallery, diagnosis.Gallery)];
        return new DatasetFacts(
            manifest.Name,
            manifest.Layout,
            manifest.Hash,
            [
                .. from split in splits
                   let counts = split.Item2
                   where counts is not null
                   select new SplitFacts(
                       NameConverterFactory.NameOf(split.Item1), counts.Identities, counts.Cameras, counts.Tracklets, counts.Frames, counts.Distractors),
            ],
            [.. diagnosis.Findings.Select(finding => new FindingFacts(NameConverterFactory.NameOf(finding.Severity), finding.Code, finding.Message))]);
    }
}
