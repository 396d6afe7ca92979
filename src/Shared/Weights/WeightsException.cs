namespace ReidCloud.Weights;

/// <summary>A weights file that is not to be used. The message names the place in the file, what is wrong there, and what to do.</summary>
public sealed class WeightsException : Exception
{
    /// <summary>What helps with every file that holds more than tensors by name.</summary>
    public const string SaveAgain =
        "Save the tensors alone and push that file: torch.save(model.state_dict(), \"weights.pth\"), or safetensors.torch.save_file(model.state_dict(), \"weights.safetensors\").";

    public const string UploadAgain = "Push the whole file again, or fetch it again from where it came.";

    /// <summary>Of a file that is not whole.</summary>
    internal static WeightsException Cut(string message) => new($"{message} {UploadAgain}");

    public WeightsException(string message) : base(message)
    {
    }

    public WeightsException(string message, Exception inner) : base(message, inner)
    {
    }
}
