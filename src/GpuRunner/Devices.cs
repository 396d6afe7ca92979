using static TorchSharp.torch;

namespace ReidCloud.GpuRunner;

/// <summary>Where tensors are computed: what the option says, or with `auto` CUDA where there is one.</summary>
internal static class Devices
{
    /// <summary>Several, with commas between them.</summary>
    /// <exception cref="OptionsException">There is no such device on this machine.</exception>
    public static Placement ChooseAll(string option) => new([.. option.Split(',').Select(Choose)]);

    /// <exception cref="OptionsException">There is no such device on this machine.</exception>
    public static Device Choose(string option)
    {
        if (option == "cpu" || (option == "auto" && !cuda.is_available()))
        {
            return CPU;
        }

        var name = option == "auto" ? "cuda" : option;
        var index = name.IndexOf(':') is var colon and >= 0 ? int.Parse(name[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture) : 0;
        var count = cuda.is_available() ? cuda.device_count() : 0;
        return index < count
            ? device(name)
            : throw new OptionsException([$"{ReidCloudOptions.Section}__{nameof(ReidCloudOptions.Device)} is '{option}', but this machine has {count} CUDA devices; use cpu or auto"]);
    }
}
