using ReidCloud.GpuRunner.Models;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace ReidCloud.GpuRunner.Training;

/// <summary>
/// A network on one device, and the parts of a batch that are its own: the network itself, or a copy of it that takes over its weights before each step and gives up its
/// gradients after it.
/// </summary>
internal sealed class Replica : IDisposable
{
    private readonly ReidModel _model;
    private readonly ReidModel? _original;
    private readonly Device _device;
    private readonly BatchNorm[] _norms;
    private readonly Parameter[] _parameters;
    private readonly (Tensor Target, Tensor Source)[] _learned;
    private readonly (Tensor Target, Tensor Source)[] _counted;

    /// <summary>The network itself, which is on that device already.</summary>
    public Replica(ReidModel model, Device device) : this(model, null, device)
    {
    }

    private Replica(ReidModel model, ReidModel? original, Device device)
    {
        (_model, _original, _device) = (model, original, device);
        _norms = [.. model.modules().OfType<BatchNorm>()];
        _parameters = [.. model.parameters()];
        _learned = original is null ? [] : [.. _parameters.Zip(original.parameters())];
        _counted = original is null ? [] : [.. model.buffers().Zip(original.buffers())];
    }

    /// <summary>A copy on another device. The caller disposes it.</summary>
    public static Replica CopyOf(ReidModel original, Device device)
    {
        var copy = ReidModel.Of(original.Spec, original.Identities);
        copy.MoveTo(device);
        var replica = new Replica(copy, original, device);
        replica.Refresh();
        return replica;
    }

    /// <summary>Takes over what the network is now, but running statistics only where they are used: the network may be changing them. Nothing to do for the network itself.</summary>
    public void Refresh()
    {
        if (_original is null)
        {
            return;
        }

        using var frozen = no_grad();
        _model.train(_original.training);
        _model.Precision = _original.Precision;
        foreach (var (target, source) in _original.training ? _learned : _learned.Concat(_counted))
        {
            target.copy_(source);
        }
    }

    /// <summary>What it says of its parts of a batch, one after the other. Of all that are computed anywhere the very first of the network itself alone moves running statistics.</summary>
    /// <param name="step">Whose batch it is, where the network draws numbers.</param>
    /// <param name="first">The first part's place in the batch; each that follows is so many places further.</param>
    public IReadOnlyList<ModelOutput> Call(IReadOnlyList<Tensor> parts_BVCHW, StepName? step = null, int first = 0, int further = 1)
    {
        var before = Array.ConvertAll(_norms, norm => norm.BatchStatisticsOnly);
        var said = new ModelOutput[parts_BVCHW.Count];
        try
        {
            foreach (var (place, part_BVCHW) in parts_BVCHW.Index())
            {
                if (place == 1 || _original is not null)
                {
                    Array.ForEach(_norms, norm => norm.BatchStatisticsOnly = true);
                }

                if (step is not null)
                {
                    _model.BeginStep(step, first + (place * further));
                }

                said[place] = _model.call(part_BVCHW.to(_device));
            }
        }
        finally
        {
            foreach (var (norm, statisticsOnly) in _norms.Zip(before))
            {
                norm.BatchStatisticsOnly = statisticsOnly;
            }
        }

        return said;
    }

    /// <summary>Brings gradients of what it said to its parameters.</summary>
    public void Backward(IReadOnlyList<(Tensor Said, Tensor Gradient)> gradients)
    {
        if (gradients.Count > 0)
        {
            autograd.backward([.. gradients.Select(pair => pair.Said)], [.. gradients.Select(pair => pair.Gradient.to(_device))]);
        }
    }

    /// <summary>The gradients of its parameters, taken off it and brought to another device; null where a parameter has none.</summary>
    public Tensor?[] TakeGradients(Device device) => Array.ConvertAll(_parameters, parameter =>
    {
        var gradient = parameter.grad?.to(device);
        parameter.grad = null;
        return gradient;
    });

    /// <summary>Adds to the gradients of its parameters.</summary>
    public void AddGradients(IReadOnlyList<Tensor?> gradients)
    {
        using var frozen = no_grad();
        foreach (var (parameter, gradient) in _parameters.Zip(gradients).Where(pair => pair.Second is not null))
        {
            if (parameter.grad is { } own)
            {
                own.add_(gradient!);
            }
            else
            {
                parameter.grad = gradient;
            }
        }
    }

    /// <summary>A copy's network; the network itself is another's.</summary>
    public void Dispose()
    {
        if (_original is not null)
        {
            _model.Dispose();
        }
    }
}
