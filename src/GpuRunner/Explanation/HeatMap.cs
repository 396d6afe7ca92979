using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Explanation;

/// <summary>One image's map at the size at which a network saw it, a value for each pixel, row after row.</summary>
/// <param name="IsEmpty">Nothing in the image speaks for the identity that the network names.</param>
internal sealed record HeatMap(InputSpec Seen, float[] Values, bool IsEmpty)
{
    /// <summary>
    /// The same map over the picture that another network saw of the frame: what lies over a part of the frame lies over it there too, whatever the sizes
    /// and however the frame was fitted in. Over padding that this network did not see there is nothing.
    /// </summary>
    public HeatMap On(InputSpec shown, int frameWidth, int frameHeight)
    {
        using var scope = NewDisposeScope();
        var (from, to) = (Place(Seen, frameWidth, frameHeight), Place(shown, frameWidth, frameHeight));
        var cut = tensor(Values, [1, 1, Seen.Height, Seen.Width]).narrow(2, from.Top, from.Height).narrow(3, from.Left, from.Width);
        var carried = zeros(shown.Height, shown.Width);
        carried.narrow(0, to.Top, to.Height).narrow(1, to.Left, to.Width)
            .copy_(nn.functional.interpolate(cut, [to.Height, to.Width], mode: InterpolationMode.Bilinear, align_corners: false)[0, 0]);
        return this with { Seen = shown, Values = carried.data<float>().ToArray() };
    }

    /// <summary>Where in a network's picture the frame lies.</summary>
    private static (int Left, int Top, int Width, int Height) Place(InputSpec input, int width, int height) => input.Fit switch
    {
        ResizeFit.Squash => (0, 0, input.Width, input.Height),
        ResizeFit.Letterbox => Letterbox.Place(width, height, input.Width, input.Height),
    };
}
