using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Golden;

/// <summary>Decoding, resizing and normalizing, against Pillow and torchvision.</summary>
public static class ImagingOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> Decode(GoldenCase given)
    {
        var image = ImageDecoder.Decode(given["bytes"].U8, given.Name);
        return Output("rgb", GoldenTensor.Of(image.Pixels, image.Height, image.Width, 3));
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Resize(GoldenCase given) =>
        Output("image", GoldenTensor.Of(Resized(given), given.Int("height"), given.Int("width"), 3));

    public static IReadOnlyDictionary<string, GoldenTensor> Normalize(GoldenCase given)
    {
        var planes = new float[3 * given.Int("height") * given.Int("width")];
        new Normalization(new InputSpec { Mean = Colors(given, "mean"), Deviation = Colors(given, "std") }).Apply(Resized(given), planes);
        return Output("tensor", GoldenTensor.Of(planes, 3, given.Int("height"), given.Int("width")));
    }

    private static Rgb Colors(GoldenCase given, string param)
    {
        double[] values = [.. given.Params.GetProperty(param).EnumerateArray().Select(value => value.GetDouble())];
        return new Rgb(values[0], values[1], values[2]);
    }

    private static byte[] Resized(GoldenCase given)
    {
        var image = given["image"];
        var filter = given.Text("method") switch
        {
            "bilinear" => ResizeFilter.Bilinear,
            "bicubic" => ResizeFilter.Bicubic,
            var other => throw new NotSupportedException($"no resize filter is called '{other}'"),
        };
        return PillowResize.Resize(image.U8, (int)image.Shape[1], (int)image.Shape[0], given.Int("width"), given.Int("height"), filter);
    }

    private static Dictionary<string, GoldenTensor> Output(string name, GoldenTensor tensor) => new() { [name] = tensor };
}
