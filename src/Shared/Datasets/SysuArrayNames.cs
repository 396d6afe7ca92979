namespace ReidCloud.Datasets;

/// <summary>What the files are called that SYSU-MM01's usual pre-processing packs the training into, and what is in them.</summary>
public static class SysuArrayNames
{
    /// <summary>Bytes, and whole numbers of eight bytes, as NumPy writes them.</summary>
    public const string ImageType = "|u1";
    public const string LabelType = "<i8";

    /// <summary>Of each modality its images and their labels.</summary>
    public static IReadOnlyList<(string Images, string Labels, Modality Modality)> All { get; } =
    [
        ("train_rgb_resized_img.npy", "train_rgb_resized_label.npy", Modality.Visible),
        ("train_ir_resized_img.npy", "train_ir_resized_label.npy", Modality.Infrared),
    ];
}
