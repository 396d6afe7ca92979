using System.Diagnostics;
using System.Globalization;

namespace ReidCloud.Benchmarks;

/// <summary>In how much of the time the first CUDA device computes, as its driver samples it (nvidia-smi, ten times a second).</summary>
internal sealed class DeviceLoad
{
    private readonly Process _sampler;
    private readonly List<double> _samples = [];

    private DeviceLoad(Process sampler)
    {
        _sampler = sampler;
        _sampler.OutputDataReceived += (_, line) =>
        {
            if (double.TryParse(line.Data, NumberStyles.Float, CultureInfo.InvariantCulture, out var sample))
            {
                lock (_samples)
                {
                    _samples.Add(sample);
                }
            }
        };
        _sampler.BeginOutputReadLine();
    }

    public static DeviceLoad Begin() => new(Process.Start(
        new ProcessStartInfo("nvidia-smi", ["--query-gpu=utilization.gpu", "--format=csv,noheader,nounits", "--id=0", "--loop-ms=100"]) { RedirectStandardOutput = true })!);

    /// <summary>The mean in percent since the beginning, less what the beginning saw of the time before it.</summary>
    public double Stop()
    {
        _sampler.Kill();
        _sampler.WaitForExit();
        _sampler.Dispose();
        lock (_samples)
        {
            return _samples.Count < 3 ? double.NaN : _samples.Skip(2).Average();
        }
    }
}
