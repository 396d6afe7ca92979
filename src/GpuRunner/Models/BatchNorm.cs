using ReidCloud.GpuRunner.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// Batch normalisation over images or vectors, with PyTorch's names and numbers (eps 1e-5, momentum 0.1) and two modes more: with
/// <see cref="BatchStatisticsOnly"/> it normalises by the batch and leaves its running statistics alone, as VKD's teacher does; between <see cref="BeginGathering"/> and
/// <see cref="EndGathering"/> its running statistics are the plain mean over the batches, as PyTorch's are with momentum None.
/// </summary>
internal sealed class BatchNorm : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    private const double UsualMomentum = 0.1;
    private const double UsualEpsilon = 1e-5;

    private readonly double _momentum;
    private readonly double _epsilon;
    private readonly float _initialWeight;
    private Parameter weight;
    private Parameter bias;
    private Tensor running_mean;
    private Tensor running_var;
    private Tensor num_batches_tracked;

    /// <summary>Batches since gathering began; null while nothing is gathered.</summary>
    private int? _gathered;

    /// <summary>A bias that is frozen stays 0. A weight that starts at 0 makes a residual block start as the identity.</summary>
    public BatchNorm(long channels, bool frozenBias = false, float initialWeight = 1, double momentum = UsualMomentum, double epsilon = UsualEpsilon) : base(nameof(BatchNorm))
    {
        (_initialWeight, _momentum, _epsilon) = (initialWeight, momentum, epsilon);
        weight = (Parameter)new Parameter(full([channels], initialWeight)).DetachFromDisposeScope();
        bias = (Parameter)new Parameter(zeros(channels), requires_grad: !frozenBias).DetachFromDisposeScope();
        running_mean = zeros(channels).DetachFromDisposeScope();
        running_var = ones(channels).DetachFromDisposeScope();
        num_batches_tracked = tensor(0L).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>In training mode, neither use nor change the running statistics.</summary>
    public bool BatchStatisticsOnly { get; set; }

    /// <summary>Its own tensors: mean, variance, number of batches.</summary>
    public IReadOnlyList<Tensor> RunningStatistics => [running_mean, running_var, num_batches_tracked];

    public override Tensor forward(Tensor input)
    {
        if (_gathered is { } before)
        {
            var batches = before + 1;
            _gathered = batches;
            num_batches_tracked.add_(1);
            return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training: true, momentum: 1.0 / batches, _epsilon);
        }

        if (!training)
        {
            return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training: false, _momentum, _epsilon);
        }

        if (BatchStatisticsOnly)
        {
            return nn.functional.batch_norm(input, null, null, weight, bias, training: true, _momentum, _epsilon);
        }

        num_batches_tracked.add_(1);
        return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training: true, _momentum, _epsilon);
    }

    public string Lower(OnnxGraph graph, string input) => graph.Normalize(input, weight, bias, running_mean, running_var, _epsilon);

    /// <summary>From now on, in training and evaluation mode alike, it normalises by the batch and averages the statistics of all batches: means, and unbiased variances.</summary>
    public void BeginGathering()
    {
        Forget();
        _gathered = 0;
    }

    /// <summary>What was gathered stays.</summary>
    public void EndGathering() => _gathered = null;

    /// <summary>Everything as it was when new.</summary>
    public void Reset()
    {
        using var frozen = no_grad();
        weight.fill_(_initialWeight);
        bias.fill_(0);
        Forget();
    }

    private void Forget()
    {
        using var frozen = no_grad();
        running_mean.fill_(0);
        running_var.fill_(1);
        num_batches_tracked.fill_(0);
    }
}
