namespace ReidCloud.Cli.Synth;

/// <summary>Of the layouts with visible and infrared cameras: how many there are, which see infrared light, and which stand together.</summary>
internal static class SynthSensors
{
    /// <summary>As many as the layout has, no more and no fewer; null where any number will do.</summary>
    public static int? CamerasOf(string layout) => layout switch
    {
        "sysu-mm01" => SysuMm01Arrangement.Cameras,
        "regdb" => RegDbArrangement.Cameras,
        _ => null,
    };

    public static bool IsInfrared(string layout, int camera) => layout switch
    {
        "sysu-mm01" => camera is 2 or 5,
        "regdb" => camera == 1,
        _ => false,
    };

    /// <summary>The camera whose place and direction it has: SYSU-MM01's third stands in the second's room, RegDB's two are mounted together.</summary>
    public static int PlaceOf(string layout, int camera) => layout switch
    {
        "sysu-mm01" when camera == 2 => 1,
        "regdb" => 0,
        _ => camera,
    };

    /// <summary>The camera that sees the same walk: RegDB's two look at the same moments.</summary>
    public static int WalkOf(string layout, int camera) => layout == "regdb" ? 0 : camera;
}
