using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>
/// CUHK03's new protocol (Zhong et al., CVPR 2017): a MATLAB file with the names of all crops (filelist), who is in each (labels, from 1) and which camera saw it (camId),
/// and which entries, from 1, are for training, query and gallery. Its numbers count; a name that says something else is a warning.
/// </summary>
internal static class Cuhk03NewProtocol
{
    private static readonly (string Variable, Split Split)[] Parts = [("train_idx", Split.Train), ("query_idx", Split.Query), ("gallery_idx", Split.Gallery)];

    /// <param name="folder">Of the crops, with its '/'.</param>
    /// <param name="config">The MATLAB file's path.</param>
    public static void Read(ManifestDraft draft, string folder, string config)
    {
        var names = MatTables.Texts(draft, config, "filelist");
        if (MatTables.Columns(draft, config, ["labels", "camId", .. Parts.Select(part => part.Variable)]) is not [var labels, var cameras, .. var parts] || names is null)
        {
            return;
        }

        if (labels.Length != names.Count || cameras.Length != names.Count)
        {
            Fault(draft, $"{config}: filelist has {names.Count} entries, labels {labels.Length}, camId {cameras.Length}");
            return;
        }

        var isPlaced = new bool[names.Count];
        foreach (var ((variable, split), entries) in Parts.Zip(parts))
        {
            foreach (var (place, entry) in entries.Index())
            {
                if (entry < 1 || entry > names.Count)
                {
                    Fault(draft, $"{config} {variable} {place + 1}: {Show(entry)} is not an entry of filelist, which has {names.Count}");
                }
                else if (isPlaced[entry - 1])
                {
                    Fault(draft, $"{config} {variable} {place + 1}: entry {Show(entry)} is in a part already");
                }
                else
                {
                    isPlaced[entry - 1] = true;
                    Add(draft, split, folder, names[entry - 1], labels[entry - 1], cameras[entry - 1], $"{config} filelist {Show(entry)}");
                }
            }
        }
    }

    private static void Add(ManifestDraft draft, Split split, string folder, string name, int label, int camera, string place)
    {
        var file = draft.Files.IndexOf(folder + name);
        if (label < 1 || camera < 1)
        {
            Fault(draft, $"{place}: label {Show(label)} and camera {Show(camera)} must be at least 1");
        }
        else if (file < 0)
        {
            draft.Findings.Add(FindingSeverity.Error, "missing-file", "the protocol names files that are not there: upload them too", $"{folder}{name} ({place})");
        }
        else
        {
            if (Cuhk03Name.TryParse(name, out var said) && (said.Identity != label || said.Camera != camera))
            {
                draft.Findings.Add(
                    FindingSeverity.Warning, "cuhk03-name-differs", "names and the protocol disagree about identity or camera; the protocol counts",
                    $"{place}: '{name}' is of {said.Identity} in camera {said.Camera}, but label {label}, camera {camera}");
            }

            draft.Add(split, label.ToString("D4", CultureInfo.InvariantCulture), new Camera(Show(camera)), [file]);
        }
    }

    private static string Show(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(FindingSeverity.Error, "cuhk03-protocol", "entries of the new protocol contradict each other: take the authors' file", where);
}
