namespace ReidCloud.Specs;

/// <summary>
/// How the data sets of a layout are measured in publications: MARS, DukeMTMC-VideoReID and VeRi-776 as VKD does (spec of VKD §7.2), ATRW by its own
/// protocol. Others: images and videos searched for in videos.
/// </summary>
public static class LayoutProtocols
{
    public static EvaluationSpec Of(string? layout) => layout switch
    {
        "mars" => new EvaluationSpec { GalleryIncludesQueries = true },
        "veri-776" => new EvaluationSpec
        {
            Settings = [RetrievalSetting.ImageToVideo, RetrievalSetting.VideoToVideo, RetrievalSetting.ImageToImage, RetrievalSetting.VideoToImage],
            GalleryImages = GalleryImages.EveryFrame,
        },
        "atrw" => new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Protocol = RetrievalProtocol.Atrw },
        _ => new EvaluationSpec(),
    };
}
