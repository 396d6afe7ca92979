using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Functions.Api;

/// <summary>
/// The frame of every operation: nobody asks more often than they may, and whatever goes wrong becomes a problem document, that says what and where if it is
/// the client's affair. Nothing is thrown: under the Functions host an exception would leave the request waiting for its answer.
/// </summary>
internal static class Answer
{
    /// <summary>Of an operation that demands a key.</summary>
    public static Task<IResult> WithAsync(HttpRequest request, Func<Task<IResult>> operate) => WithAsync(request, RateOf.Caller, operate);

    /// <summary>Of one that anyone may ask for.</summary>
    public static Task<IResult> ToAnyoneAsync(HttpRequest request, Func<Task<IResult>> operate) => WithAsync(request, RateOf.Anyone, operate);

    /// <summary>A fault of ours: the log has the whole exception, without secrets; the client learns where in the log.</summary>
    public static IResult Fault(HttpContext context, Exception exception)
    {
        // The system's own exceptions of this kind mean the same: what was read is not what was written.
        var what = exception is InvalidDataException
            ? $"What is stored for {context.Request.Path} is damaged."
            : "The operation failed, and nothing about the request is known to be wrong.";
        return Refuse(context, StatusCodes.Status500InternalServerError, $"{what} The API's log says more, under trace {Log(context, LogLevel.Error, exception)}.");
    }

    private static async Task<IResult> WithAsync(HttpRequest request, RateOf rate, Func<Task<IResult>> operate)
    {
        var context = request.HttpContext;
        try
        {
            return context.RequestServices.GetRequiredService<RequestRates>().Refusal(context, rate) ?? await operate();
        }
        catch (SpecException exception)
        {
            var detail = exception.Errors is [var only] ? $"{only.Path}: {only.Message}" : $"{exception.Errors.Count} things are wrong with the request";
            return Refuse(context, StatusCodes.Status400BadRequest, detail, exception.Errors);
        }
        catch (ProblemException exception)
        {
            return Refuse(context, exception.Status, exception.Message);
        }
        catch (WeightsException exception)
        {
            return Refuse(context, StatusCodes.Status422UnprocessableEntity, exception.Message);
        }
        catch (Exception exception) when (exception is RunConflictException or DatasetConflictException or WeightsConflictException)
        {
            return Refuse(context, StatusCodes.Status409Conflict, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            // The client hung up in the middle of its body, or sent it too slowly: nothing of ours failed.
            return Refuse(context, exception.StatusCode, exception.Message);
        }
        catch (Exception exception) when (StorageOutage.Of(exception) is { } outage)
        {
            Log(context, LogLevel.Warning, exception);
            return Refuse(context, StatusCodes.Status503ServiceUnavailable, outage);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return Refuse(context, StatusCodes.Status499ClientClosedRequest, "The client did not wait for the answer.");
        }
        catch (Exception exception)
        {
            return Fault(context, exception);
        }
    }

    private static JsonResult Refuse(HttpContext context, int status, string detail, IReadOnlyList<SpecError>? errors = null) =>
        JsonResult.Of(ProblemDocument.Of(status, detail, errors) with { Instance = context.Request.Path });

    /// <returns>The trace under which it stands.</returns>
    private static string Log(HttpContext context, LogLevel level, Exception exception)
    {
        var trace = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Answer).FullName!).Log(
            level, "{Method} {Path} failed, trace {Trace}: {Fault}", context.Request.Method, Redaction.Of(context.Request.Path.ToUriComponent()), trace, Redaction.Of(exception.ToString()));
        return trace;
    }
}
