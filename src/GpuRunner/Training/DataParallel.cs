using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Training;

/// <summary>
/// A network through which a batch goes in equal parts of consecutive sets, each with batch-norm statistics of its own, as with PyTorch's `nn.DataParallel`, with which
/// VKD trains (its spec §5). What is said of the parts is put together in their order, and losses are of the whole batch. Running statistics move by the first part alone:
/// of PyTorch's replicas only the first shares the network's own.
/// Or, by the spec of camera-based batch normalisation §3.3, §3.5, in a part of each camera: the frames that it took, whatever sets they are of. Then what is said of the frames becomes what is said of the sets.
/// On one device the parts go through the network one after the other. Several devices have them dealt in turn, each with a replica and a thread of its own.
/// </summary>
/// <param name="isFrozen">Its weights never change, so replicas take them over once.</param>
internal sealed class DataParallel(ReidModel model, BatchDivision division, bool isFrozen = false) : IDisposable
{
    private readonly List<Said> _said = [];
    private (Replica Replica, ReplicaThread Thread)[] _replicas = [];
    private Replica? _alone;
    private StepName? _step;

    /// <summary>Where the network itself is, and what is put together.</summary>
    public Device Device { get; private set; } = CPU;

    /// <summary>Moves the network to the first of the devices, and makes a replica on each other that has a part.</summary>
    public void MoveTo(Placement placement)
    {
        Part();
        Device = placement.Main;
        model.MoveTo(Device);
        if (Math.Min(division.ByCamera ? int.MaxValue : division.Replicas, placement.Devices.Count) is var devices and > 1)
        {
            _replicas = [.. placement.Devices.Take(devices).Select((device, place) =>
                (place == 0 ? new Replica(model, device) : Replica.CopyOf(model, device), new ReplicaThread($"replica {place + 1} on {device}")))];
        }
    }

    /// <summary>Names the step whose batch comes: of its name and the part's place the network draws what it draws, on whatever device.</summary>
    public void BeginStep(StepName step)
    {
        _step = step;
        model.BeginStep(step);
    }

    /// <summary>What the network says of a batch. After a call with gradients, and when the losses have theirs, comes <see cref="Backward"/>.</summary>
    /// <param name="cameras_BV">Who took each view, where parts are the cameras'.</param>
    public ModelOutput Call(Tensor images_BVCHW, int[]? cameras_BV = null)
    {
        if (division is { ByCamera: false, Replicas: 1 })
        {
            return model.call(images_BVCHW);
        }

        using var scope = NewDisposeScope();
        var output = division.ByCamera ? CallByCamera(images_BVCHW, cameras_BV ?? []) : CallParts(Cut(images_BVCHW));
        scope.MoveToOuter(output.Tensors.OfType<Tensor>());
        return output;
    }

    /// <summary>
    /// Brings the gradients of what was said to the network's parameters, where the losses' own could not go on: through the replicas, each on its thread. The losses are of the
    /// whole batch, so the sum of the replicas' gradients is what one device has; of losses that are means over the batch it is the mean of the replicas' own.
    /// </summary>
    public void Backward()
    {
        if (_said.Count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var gradients = ReplicaThread.Join([.. _replicas.Select((one, place) => one.Thread.Begin(() =>
        {
            one.Replica.Backward([.. _said.SelectMany(said => said.GradientsOf(place))]);
            return place == 0 ? [] : one.Replica.TakeGradients(Device);
        }))]);

        // In the order of the devices, so that repetitions add up alike.
        foreach (var others in gradients.Skip(1))
        {
            _replicas[0].Replica.AddGradients(others);
        }

        _said.Clear();
    }

    /// <summary>The replicas and the network.</summary>
    public void Dispose()
    {
        Part();
        model.Dispose();
    }

    /// <summary>Frame by frame in the order of the cameras, then set by set in the order of the batch.</summary>
    private ModelOutput CallByCamera(Tensor images_BVCHW, int[] cameras_BV)
    {
        var images_NCHW = images_BVCHW.flatten(0, 1);
        if (cameras_BV.Length != images_NCHW.shape[0])
        {
            throw new ArgumentException($"by camera, {images_NCHW.shape[0]} frames need as many cameras, and there were {cameras_BV.Length}");
        }

        var parts = new CameraParts(cameras_BV);
        var ordered_N1CHW = images_NCHW.index_select(0, Upload.To(Device, tensor(parts.Order_N))).unsqueeze(1);
        var said = CallParts(ordered_N1CHW.split(parts.Sizes));
        foreach (var tensor in said.Tensors.OfType<Tensor>())
        {
            tensor.MoveToOuterDisposeScope();
        }

        return said.OfSets(Upload.To(Device, tensor(parts.Places_N)), images_BVCHW.shape[1]);
    }

    private ModelOutput CallParts(Tensor[] parts_BVCHW) =>
        _replicas.Length == 0 ? Together((_alone ??= new Replica(model, Device)).Call(parts_BVCHW, _step)) : CallReplicas(parts_BVCHW);

    private ModelOutput CallReplicas(Tensor[] parts_BVCHW)
    {
        var outputs = ReplicaThread.Join([.. _replicas.Select((one, place) => one.Thread.Begin(() =>
        {
            if (!isFrozen)
            {
                one.Replica.Refresh();
            }

            return [.. one.Replica.Call([.. parts_BVCHW.Where((_, part) => part % _replicas.Length == place)], _step, place, _replicas.Length).SelectMany(output => output.Tensors)];
        }))]).Select(tensors => tensors.Chunk(ModelOutput.Count).Select(ModelOutput.Of).ToArray()).ToArray();
        ModelOutput[] said = [.. parts_BVCHW.Select((_, part) => outputs[part % _replicas.Length][part / _replicas.Length])];
        if (!is_grad_enabled())
        {
            return Together(said);
        }

        ModelOutput together;
        using (no_grad())
        {
            together = Together(said);
        }

        foreach (var tensor in together.Tensors.OfType<Tensor>())
        {
            tensor.requires_grad_();
        }

        foreach (var tensor in said.SelectMany(output => output.Tensors).OfType<Tensor>())
        {
            tensor.MoveToOuterDisposeScope();
        }

        _said.Add(new Said(said, together, _replicas.Length));
        return together;
    }

    /// <summary>In as many parts as were asked for, of sizes that differ by one at most, where a last, smaller batch cannot be divided; of one set none normalises by itself.</summary>
    private Tensor[] Cut(Tensor images_BVCHW)
    {
        var sets = images_BVCHW.shape[0];
        var count = Math.Clamp(sets / 2, 1, division.Replicas);
        return [.. Enumerable.Range(0, (int)count).Select(part => (Begin: sets * part / count, End: sets * (part + 1) / count))
            .Select(range => images_BVCHW.narrow(0, range.Begin, range.End - range.Begin))];
    }

    private ModelOutput Together(IReadOnlyList<ModelOutput> said) => ModelOutput.Of(
        [.. said[0].Tensors.Select((first, kind) => first is null ? null : cat([.. said.Select(output => output.Tensors[kind]!.to(Device))]))]);

    /// <summary>Gives the replicas up.</summary>
    private void Part()
    {
        foreach (var (replica, thread) in _replicas)
        {
            thread.Dispose();
            replica.Dispose();
        }

        _replicas = [];
        _alone = null;
        _said.Clear();
    }

    /// <summary>What replicas said of the parts of a batch, with what is behind it, and the whole, which has nothing behind it: a leaf, where the losses' gradients stop.</summary>
    private sealed record Said(IReadOnlyList<ModelOutput> Parts, ModelOutput Whole, int Devices)
    {
        public IEnumerable<(Tensor Said, Tensor Gradient)> GradientsOf(int place)
        {
            for (var kind = 0; kind < Whole.Tensors.Length; kind++)
            {
                if (Whole.Tensors[kind]?.grad is not { } gradient)
                {
                    continue;
                }

                var begin = 0L;
                for (var part = 0; part < Parts.Count; part++)
                {
                    var tensor = Parts[part].Tensors[kind]!;
                    if (part % Devices == place)
                    {
                        yield return (tensor, gradient.narrow(0, begin, tensor.shape[0]));
                    }

                    begin += tensor.shape[0];
                }
            }
        }
    }
}
