using System.Globalization;
using System.Numerics;
using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Synth;

/// <summary>
/// A made-up data set: how it is arranged, and how much of everything. Every identity is seen by every camera, <see cref="TrackletsPerCamera"/> times,
/// from the sides that this camera sees. The same spec gives the same bytes.
/// </summary>
/// <param name="Misplacement">How far off the boxes sit, up or down, as a share of their height at most: what alignment is for.</param>
/// <param name="CameraGap">How much more cameras differ in color, brightness and blur than they would, from 0 to 1: what camera-based batch normalization is for.</param>
/// <param name="Distractors">Tracklets of people who are nobody in the set; they stand in the gallery.</param>
internal sealed record SynthSpec(
    string Layout,
    long Seed,
    int TrainIdentities = 48,
    int TestIdentities = 32,
    int Cameras = 4,
    int TrackletsPerCamera = 2,
    int FramesPerTracklet = 8,
    int Width = 128,
    int Height = 256,
    int Distractors = 8,
    double Misplacement = 0,
    double CameraGap = 0)
{
    public static IReadOnlyList<string> Layouts { get; } = SynthArrangement.Layouts;

    /// <summary>How many images the set will have, junk included.</summary>
    public int Frames
    {
        get
        {
            var arrangement = SynthArrangement.Of(this);
            return new SynthPlan(this).Tracklets.Sum(tracklet => arrangement.Add(tracklet).Count);
        }
    }

    /// <exception cref="SpecException">What cannot be made, with the member's name.</exception>
    public void Validate()
    {
        var errors = new List<SpecError>();
        if (!Layouts.Contains(Layout))
        {
            errors.Add(new SpecError("layout", $"must be one of {string.Join(", ", Layouts)}, was '{Layout}'"));
        }

        Check("trainIdentities", TrainIdentities, Layout == "sysu-mm01" ? 2 : 1, Layout == "regdb" ? RegDbArrangement.MostPersons : 4000);
        Check("testIdentities", TestIdentities, 1, Layout == "regdb" ? RegDbArrangement.MostPersons : 4000);
        if (Layout == "cuhk03" && TrainIdentities + TestIdentities > Cuhk03Name.Persons.Sum())
        {
            errors.Add(new SpecError("trainIdentities", string.Create(
                CultureInfo.InvariantCulture, $"must be at most {Cuhk03Name.Persons.Sum()} with testIdentities, as many as CUHK03 has, was {TrainIdentities + TestIdentities}")));
        }

        if (SynthSensors.CamerasOf(Layout) is not { } fixedCameras)
        {
            Check("cameras", Cameras, 2, 9);
        }
        else if (Cameras != fixedCameras)
        {
            errors.Add(new SpecError("cameras", string.Create(CultureInfo.InvariantCulture, $"must be {fixedCameras}, as many as {Layout} has, was {Cameras}")));
        }

        Check("trackletsPerCamera", TrackletsPerCamera, 1, 100);
        Check("framesPerTracklet", FramesPerTracklet, 1, 999);
        Check("width", Width, 24, 512);
        Check("height", Height, 48, 1024);
        Check("distractors", Distractors, 0, 9999);
        Check("misplacement", Misplacement, 0, 0.5);
        Check("cameraGap", CameraGap, 0, 1);
        if (errors.Count > 0)
        {
            throw new SpecException(errors);
        }

        void Check<T>(string name, T value, T least, T most)
            where T : INumber<T>
        {
            if (!(value >= least && value <= most))
            {
                errors.Add(new SpecError(name, string.Create(CultureInfo.InvariantCulture, $"must be from {least} to {most}, was {value}")));
            }
        }
    }
}
