namespace ReidCloud.GpuRunner.Export;

/// <summary>
/// What is known of the terms of published data sets, for whoever passes on a network that was trained on them. A layout shows how files are arranged, not whose they are, so
/// each is said under condition.
/// </summary>
internal static class TermsOfUse
{
    public const string ImageNet =
        "ImageNet's images may be used for non-commercial research and education only (image-net.org); whether that binds networks that start from weights trained on them is not settled.";

    public static string Of(string layout) => layout switch
    {
        "mars" => "If this is MARS: published for research; collected on a campus, no documentation of consent and no formal licence are known.",
        "market1501" => "If this is Market-1501: published for research; collected on a campus, no documentation of consent and no formal licence are known.",
        "cuhk03" => "If this is CUHK03: given on request, for academic use; no formal licence is known.",
        "dukemtmc-reid" => "If this is DukeMTMC-reID: Duke University withdrew DukeMTMC in 2019, because it was recorded outside what had been approved. "
            + "New work should avoid it, or only repeat historical figures and say so.",
        "duke-video-reid" => "If this is DukeMTMC-VideoReID: Duke University withdrew it in 2019, because it was recorded outside what had been approved; it had been under CC BY-NC-SA 4.0. "
            + "New work should avoid it, or only repeat historical figures and say so.",
        "msmt17" => "If this is MSMT17: given on request, for academic use; collected on a campus, no documentation of consent is known, and version 2 blurs faces.",
        "veri-776" => "If this is VeRi-776: given on request, for non-commercial use only; passing it on is not granted.",
        "atrw" => "If this is ATRW: CC BY-NC-SA 4.0, copyright MakerCollider and WWF.",
        _ => "The data set's terms are not known to ReidCloud: whoever brought it has to say what they allow.",
    };
}
