using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.Cli.Checkup;

/// <summary>Whether a JPEG can be written and read again.</summary>
internal static class ImageCheck
{
    public static Check Jpeg()
    {
        const string name = "JPEG";
        try
        {
            using var image = new Image<Rgb24>(16, 16);
            using var bytes = new MemoryStream();
            image.SaveAsJpeg(bytes);
            using var again = Image.Load<Rgb24>(bytes.ToArray());
            return new Check(name, Verdict.Ok, $"written and read again ({bytes.Length} bytes)");
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException)
        {
            return new Check(name, Verdict.Fault, exception.Message.ReplaceLineEndings(" "), "`./reid prepare` installs libturbojpeg0");
        }
    }
}
