namespace SixLabors.ImageSharp;

/// <summary>Bytes that are no image, or a damaged one.</summary>
public class ImageFormatException : Exception
{
    internal ImageFormatException(string errorMessage) : base(errorMessage)
    {
    }

    internal ImageFormatException(string errorMessage, Exception innerException) : base(errorMessage, innerException)
    {
    }
}

/// <summary>The format is known, the content breaks its rules.</summary>
public sealed class InvalidImageContentException : ImageFormatException
{
    public InvalidImageContentException(string errorMessage) : base(errorMessage)
    {
    }

    public InvalidImageContentException(string errorMessage, Exception innerException) : base(errorMessage, innerException)
    {
    }
}

/// <summary>The first bytes are of no format that can be read.</summary>
public sealed class UnknownImageFormatException(string errorMessage) : ImageFormatException(errorMessage);
