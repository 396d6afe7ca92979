using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>What an image is searched by, of all that the branches say of it: spec of MVD §12.1, §13.</summary>
internal sealed class MultiViewFeature
{
    private readonly (string Branch, bool IsRepresentation)[] _parts;
    private readonly bool _each;

    private MultiViewFeature(bool each, params (string Branch, bool IsRepresentation)[] parts) => (_each, _parts) = (each, parts);

    public static MultiViewFeature Of(MultiViewFeatures features) => features switch
    {
        MultiViewFeatures.Pytorch => new(
            false, (BranchOutput.Infrared, false), (BranchOutput.SharedGrey, false), (BranchOutput.Visible, false), (BranchOutput.SharedColor, false)),
        MultiViewFeatures.PytorchValidation => new(
            false,
            (BranchOutput.Infrared, false), (BranchOutput.SharedGrey, false), (BranchOutput.Infrared, true), (BranchOutput.SharedGrey, true),
            (BranchOutput.Visible, false), (BranchOutput.SharedColor, false), (BranchOutput.Visible, true), (BranchOutput.SharedColor, true)),
        MultiViewFeatures.Mv2d => new(false, (BranchOutput.SharedColor, true)),
        MultiViewFeatures.Mindspore => new(
            true, (BranchOutput.Visible, false), (BranchOutput.SharedColor, false), (BranchOutput.Infrared, false), (BranchOutput.SharedGrey, false)),
    };

    /// <summary>How many numbers it has where observations and representations have so many.</summary>
    public int Dim(int observation, int representation) => _parts.Sum(part => part.IsRepresentation ? representation : observation);

    /// <summary>Put together and brought to length 1.</summary>
    /// <param name="said">The observation's feature of a branch, or its representation.</param>
    public Tensor Join(Func<string, bool, Tensor> said)
    {
        using var scope = NewDisposeScope();
        Tensor[] parts = [.. _parts.Select(part => said(part.Branch, part.IsRepresentation))];
        return (_each ? cat([.. parts.Select(Unit)], 1) : Unit(cat(parts, 1))).MoveToOuterDisposeScope();
    }

    /// <summary>The same in ONNX's operators.</summary>
    public string Lower(OnnxGraph graph, Func<string, bool, string> said)
    {
        string[] parts = [.. _parts.Select(part => said(part.Branch, part.IsRepresentation))];
        return _each ? graph.Join([.. parts.Select(graph.UnitLength)]) : graph.UnitLength(graph.Join(parts));
    }

    private static Tensor Unit(Tensor feature_ND) => nn.functional.normalize(feature_ND, dim: 1);
}
