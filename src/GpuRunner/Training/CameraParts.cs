namespace ReidCloud.GpuRunner.Training;

/// <summary>The frames of a batch camera by camera: cameras in ascending order, each one's frames in that of the batch. Spec of camera-based batch normalisation §3.3.</summary>
internal sealed class CameraParts
{
    /// <param name="cameras_N">The camera of each frame.</param>
    public CameraParts(int[] cameras_N)
    {
        int[] order = [.. Enumerable.Range(0, cameras_N.Length).OrderBy(frame => cameras_N[frame])];
        Order_N = Array.ConvertAll(order, frame => (long)frame);
        Places_N = new long[order.Length];
        foreach (var (place, frame) in order.Index())
        {
            Places_N[frame] = place;
        }

        Sizes = [.. order.CountBy(frame => cameras_N[frame]).Select(camera => (long)camera.Value)];
    }

    /// <summary>The frames as they stand camera by camera.</summary>
    public long[] Order_N { get; }

    /// <summary>Where each frame of the batch stands there.</summary>
    public long[] Places_N { get; }

    /// <summary>How many frames each camera has.</summary>
    public long[] Sizes { get; }
}
