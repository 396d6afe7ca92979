namespace ReidCloud.Specs;

/// <summary>
/// How the data sets of a layout are measured in publications: MARS, DukeMTMC-VideoReID and VeRi-776 as VKD does (spec of VKD §7.2), ATRW, SYSU-MM01 and RegDB by their own
/// protocols; sets of single images by images searched for in images, and CUHK03's classic splits by the curve of one image an identity besides. Others: images and videos searched for in videos.
/// </summary>
public static class LayoutProtocols
{
    /// <param name="variant">Of the layout's variants, where it has some.</param>
    public static EvaluationSpec Of(string? layout, string? variant = null) => layout switch
    {
        "mars" => new EvaluationSpec { GalleryIncludesQueries = true },
        "veri-776" => new EvaluationSpec
        {
            Settings = [RetrievalSetting.ImageToVideo, RetrievalSetting.VideoToVideo, RetrievalSetting.ImageToImage, RetrievalSetting.VideoToImage],
            GalleryImages = GalleryImages.EveryFrame,
        },
        "atrw" => new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Protocol = RetrievalProtocol.Atrw },
        "market1501" or "aligned-partitions" or "dukemtmc-reid" or "msmt17" or "viper" => Images,
        "sysu-mm01" => Images with { Protocol = RetrievalProtocol.SysuMm01 },
        "regdb" => Images with { Protocol = RetrievalProtocol.CrossModality },
        "cuhk03" => variant?.StartsWith("classic-", StringComparison.Ordinal) == true
            ? Images with { Cmc = [new CmcSpec(SeparateCameraSet: true, SingleGalleryShot: true, FirstMatchBreak: false)] }
            : Images,
        _ => new EvaluationSpec(),
    };

    private static EvaluationSpec Images => new() { Settings = [RetrievalSetting.ImageToImage] };
}
