using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// From the host to a device without waiting for it. A copy from ordinary memory would wait until the device has done all that it was told before; one from page-locked memory is queued behind that,
/// and the library gives the memory back when the copy is through.
/// </summary>
internal static class Upload
{
    /// <summary>The same tensor again where it is there already; the caller disposes it all the same.</summary>
    public static Tensor To(Device device, Tensor host)
    {
        if (device.type != DeviceType.CUDA || host.device_type != DeviceType.CPU)
        {
            return host.to(device);
        }

        using var locked = host.pin_memory();
        return locked.to(device, non_blocking: true);
    }
}
