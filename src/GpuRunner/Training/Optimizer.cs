using System.Diagnostics;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>
/// Changes a model's trainable parameters by their gradients, with PyTorch's arithmetic in PyTorch's order. Ours and not the library's because its whole
/// state must be read and put back bit for bit. Parameters without a gradient stay as they are; gradients are used up by a step.
/// </summary>
internal abstract class Optimizer : IDisposable
{
    /// <summary>
    /// On the CPU, so many elements are taken through all operations before the next: what one operation wrote, the next finds in the cache. On a GPU
    /// every call costs more than that gains.
    /// </summary>
    private const long CacheChunk = 1 << 16;

    /// <summary>The name under which <see cref="State"/> holds the step counts.</summary>
    public const string StepsName = "steps";

    private readonly (string Name, Parameter Value, double RateFactor, double WeightDecay)[] _parameters;
    private readonly Tensor[][] _slots;
    private readonly long[] _steps;

    /// <exception cref="SpecException">A group has no parameter in this model.</exception>
    protected Optimizer(OptimizerSpec spec, ReidModel model, IReadOnlyList<string> slotNames)
    {
        SlotNames = slotNames;
        _parameters = ParameterGroups.Of(spec, model);
        _steps = new long[_parameters.Length];
        using var frozen = no_grad();
        _slots = [.. _parameters.Select(parameter => slotNames.Select(_ => zeros_like(parameter.Value).DetachFromDisposeScope()).ToArray())];
    }

    private IReadOnlyList<string> SlotNames { get; }

    public static Optimizer Create(OptimizerSpec spec, ReidModel model) => spec switch
    {
        AdamSpec adam => new Adam(adam, model),
        SgdSpec sgd => new Sgd(sgd, model),
        _ => throw new UnreachableException($"no optimizer is registered for {spec.GetType().Name}"),
    };

    /// <summary>One step with the gradients that are there.</summary>
    public void Step(double learningRate)
    {
        using var frozen = no_grad();
        for (var i = 0; i < _parameters.Length; i++)
        {
            using var scope = NewDisposeScope();
            var parameter = _parameters[i].Value;
            if (parameter.grad is { } gradient)
            {
                _steps[i]++;
                Step(i, parameter, gradient, learningRate);
                parameter.grad = null;
            }
        }
    }

    /// <summary>The state by name: each slot of each parameter, and how many steps each parameter has made. The last is a copy; the caller disposes it.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State() =>
    [
        .. _parameters.SelectMany((parameter, i) => SlotNames.Select((slot, j) => ($"{parameter.Name}.{slot}", _slots[i][j]))),
        (StepsName, tensor(_steps)),
    ];

    /// <summary>Takes over the step counts after the other tensors of <see cref="State"/> were filled in place.</summary>
    public void RestoreSteps(Tensor steps) => steps.data<long>().ToArray().CopyTo(_steps, 0);

    public void Dispose()
    {
        foreach (var slot in _slots.SelectMany(slots => slots))
        {
            slot.Dispose();
        }
    }

    /// <summary>Elementwise, on one chunk: the parameter, its gradient (free to be changed), its slots, the number of this step from 1 on, and its own rate and decay.</summary>
    protected abstract void Update(Tensor parameter, Tensor gradient, ReadOnlySpan<Tensor> slots, long step, double learningRate, double weightDecay);

    private void Step(int i, Tensor parameter, Tensor gradient, double learningRate)
    {
        var count = parameter.numel();
        if (count <= CacheChunk || parameter.device_type != DeviceType.CPU || !parameter.is_contiguous())
        {
            Update(parameter, gradient, _slots[i], _steps[i], learningRate * _parameters[i].RateFactor, _parameters[i].WeightDecay);
            return;
        }

        var (flat, flatGradient) = (parameter.view(-1), gradient.contiguous().view(-1));
        var flatSlots = Array.ConvertAll(_slots[i], slot => slot.view(-1));
        var chunk = new Tensor[flatSlots.Length];
        for (var begin = 0L; begin < count; begin += CacheChunk)
        {
            var length = Math.Min(CacheChunk, count - begin);
            for (var j = 0; j < chunk.Length; j++)
            {
                chunk[j] = flatSlots[j].narrow(0, begin, length);
            }

            Update(flat.narrow(0, begin, length), flatGradient.narrow(0, begin, length), chunk, _steps[i], learningRate * _parameters[i].RateFactor, _parameters[i].WeightDecay);
        }
    }
}
