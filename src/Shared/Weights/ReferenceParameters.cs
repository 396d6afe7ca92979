using System.Text.Json.Serialization;
using ReidCloud.Specs;

namespace ReidCloud.Weights;

/// <summary>The `hparams.json` that VKD's programs leave beside a checkpoint (utils/saver.py; its spec §12).</summary>
public sealed record ReferenceParameters(
    [property: JsonPropertyName("backbone_type")] BackboneName Backbone,
    [property: JsonPropertyName("num_classes")] int Identities,
    [property: JsonPropertyName("pretrained")] bool Pretrained)
{
    public const string FileName = "hparams.json";
    public const int MaxLength = 4096;

    /// <exception cref="WeightsException">It is not that file.</exception>
    public static ReferenceParameters Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return ReidJson.Read<ReferenceParameters>(json);
        }
        catch (SpecException fault)
        {
            throw new WeightsException(
                $"{FileName}: {WeightsNames.Printable(string.Join("; ", fault.Errors.Select(error => $"{error.Path}: {error.Message}")))}. It must say {{\"backbone_type\": …, \"num_classes\": …, \"pretrained\": …}}; push without it and name the backbone instead.", fault);
        }
    }

    /// <exception cref="WeightsException">The weights are of another network than this says.</exception>
    public void Require(WeightsMatch match, string name)
    {
        if (match.Identities is { } identities && identities != Identities)
        {
            throw new WeightsException($"{name} tells {identities} identities apart, while {FileName} says {Identities}: they belong to different runs. Push those that belong together.");
        }
    }
}
