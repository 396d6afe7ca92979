using ReidCloud.GpuRunner.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Explanation;

/// <summary>
/// Where in an image a network finds its identity (Selvaraju et al. 2017), as VKD draws it (spec §10): feature maps weighted by how much their mean
/// moves the largest logit. The maps are the backbone's output, so the same layer for every backbone; VKD's own tool takes the fifth, which is that of
/// ResNets only.
/// </summary>
internal static class GradCam
{
    /// <summary>
    /// For each image its map, positive and of length 1 (or all 0 where nothing speaks for the identity), h × w positions. The model must be in
    /// evaluation mode.
    /// </summary>
    public static Tensor Map(ReidModel model, Tensor images_NCHW)
    {
        using var scope = NewDisposeScope();
        var map_NDHW = FeatureMap(model, images_NCHW).requires_grad_();
        var (largest_N, _) = model.LogitsOfMap(map_NDHW).max(1);
        largest_N.sum().backward(inputs: [map_NDHW]);
        var weight_ND11 = map_NDHW.grad!.mean([2, 3], keepdim: true);
        var cam_NHW = (map_NDHW.detach() * weight_ND11).sum(1).relu_();
        return nn.functional.normalize(cam_NHW.flatten(1), dim: 1).view(cam_NHW.shape).MoveToOuterDisposeScope();
    }

    /// <summary>The map at the size of the picture: 3 × 3 means, mirrored at the border without repeating the edge, then bicubic (a = −0.75), as OpenCV does.</summary>
    public static Tensor Enlarge(Tensor map_NHW, int height, int width)
    {
        using var scope = NewDisposeScope();
        var blurred_N1HW = nn.functional.avg_pool2d(Mirrored(map_NHW.unsqueeze(1)), 3, stride: 1);
        return nn.functional.interpolate(blurred_N1HW, [height, width], mode: InterpolationMode.Bicubic, align_corners: false)
            .squeeze(1).MoveToOuterDisposeScope();
    }

    private static Tensor FeatureMap(ReidModel model, Tensor images_NCHW)
    {
        using var frozen = no_grad();
        return model.Backbone.call(images_NCHW);
    }

    /// <summary>One pixel more at each side. A side of one pixel has no neighbour to mirror: it is repeated, as OpenCV does.</summary>
    private static Tensor Mirrored(Tensor map_N1HW)
    {
        var (height, width) = (map_N1HW.shape[2], map_N1HW.shape[3]);
        var wide = nn.functional.pad(map_N1HW, (1, 1, 0, 0), width > 1 ? PaddingModes.Reflect : PaddingModes.Replicate);
        return nn.functional.pad(wide, (0, 0, 1, 1), height > 1 ? PaddingModes.Reflect : PaddingModes.Replicate);
    }
}
