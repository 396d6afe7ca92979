namespace ReidCloud.Specs;

/// <summary>What a spec asks of the cameras of its data set, known before a GPU is taken.</summary>
public static class CameraRules
{
    /// <summary>Null where the data set has what is asked for.</summary>
    /// <param name="hasCameras">Whether anything is known of who saw what.</param>
    /// <param name="areBothTrained">Whether visible and infrared cameras took training images.</param>
    public static SpecError? Fault(RunSpec spec, bool hasCameras, bool areBothTrained)
    {
        if (spec is TrainSpec { CameraBatchNorm: not null } && !hasCameras)
        {
            return new SpecError("$.cameraBatchNorm", $"needs to know which camera took each frame, and data set '{spec.Dataset}' does not say: leave it out, or commit the data set anew with a column camera");
        }

        return spec is TrainSpec train && !areBothTrained && MethodRules.AcrossModalities(train) is { } path
            ? new SpecError(
                path,
                $"needs training images of visible and of infrared cameras, and data set '{spec.Dataset}' is not known to have both: train on one of layout sysu-mm01 or regdb, or commit it anew with a column modality")
            : null;
    }
}
