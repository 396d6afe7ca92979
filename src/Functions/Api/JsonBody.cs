using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ReidCloud.Specs;

namespace ReidCloud.Functions.Api;

/// <summary>Reads a request's body at the door: JSON in UTF-8, at most 1 MiB, strictly of the type asked for.</summary>
internal static class JsonBody
{
    public const int MaxBytes = 1 << 20;

    /// <exception cref="SpecException">The body is not the JSON of a <typeparamref name="T"/>.</exception>
    /// <exception cref="ProblemException">415 for another media type, 413 for more than <see cref="MaxBytes"/>.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken) =>
        await ReadOrNullAsync<T>(request, cancellationToken)
            ?? throw new SpecException("$", "the body is empty, must be a JSON object");

    /// <summary>The same, but null for a request without a body.</summary>
    public static async Task<T?> ReadOrNullAsync<T>(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            throw TooLarge();
        }

        var bytes = await BytesAsync(request.Body, cancellationToken);
        if (bytes.IsEmpty)
        {
            return default;
        }

        CheckMediaType(request);
        return ReidJson.Read<T>(WithoutByteOrderMark(bytes.Span));
    }

    private static void CheckMediaType(HttpRequest request)
    {
        var isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
        {
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType,
                $"The body must be application/json in UTF-8, not '{request.ContentType}'. Send the header Content-Type: application/json");
        }

        if (request.Headers.ContentEncoding is { Count: > 0 } encoding)
        {
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType, $"The body must be sent as it is, without Content-Encoding: {encoding}");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BytesAsync(Stream body, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > MaxBytes)
            {
                throw TooLarge();
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> utf8) =>
        utf8.StartsWith("\uFEFF"u8) ? utf8["\uFEFF"u8.Length..] : utf8;

    private static ProblemException TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge,
        $"The body is larger than {MaxBytes} bytes. Data set files are not sent here: POST /api/datasets/{{name}}/uploads says where to.");
}
