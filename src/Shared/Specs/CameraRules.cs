namespace ReidCloud.Specs;

/// <summary>What a spec asks of the cameras of its data set, known before a GPU is taken.</summary>
public static class CameraRules
{
    /// <summary>Null where the data set has what is asked for.</summary>
    /// <param name="hasCameras">Whether anything is known of who saw what.</param>
    public static SpecError? Fault(RunSpec spec, bool hasCameras) => spec is TrainSpec { CameraBatchNorm: not null } && !hasCameras
        ? new SpecError("$.cameraBatchNorm", $"needs to know which camera took each frame, and data set '{spec.Dataset}' does not say: leave it out, or commit the data set anew with a column camera")
        : null;
}
