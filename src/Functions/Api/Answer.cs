using Azure;
using Microsoft.AspNetCore.Http;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Functions.Api;

/// <summary>The frame of every operation: what goes wrong on the client's side becomes a problem document that says what and where.</summary>
internal static class Answer
{
    public static async Task<IResult> WithAsync(HttpRequest request, Func<Task<IResult>> operate)
    {
        try
        {
            return await operate();
        }
        catch (SpecException exception)
        {
            var detail = exception.Errors is [var only] ? $"{only.Path}: {only.Message}" : $"{exception.Errors.Count} things are wrong with the request";
            return Refuse(ProblemDocument.Of(StatusCodes.Status400BadRequest, detail, exception.Errors));
        }
        catch (ProblemException exception)
        {
            return Refuse(ProblemDocument.Of(exception.Status, exception.Message));
        }
        catch (WeightsException exception)
        {
            return Refuse(ProblemDocument.Of(StatusCodes.Status422UnprocessableEntity, exception.Message));
        }
        catch (Exception exception) when (exception is RunConflictException or DatasetConflictException or WeightsConflictException)
        {
            return Refuse(ProblemDocument.Of(StatusCodes.Status409Conflict, exception.Message));
        }
        catch (BadHttpRequestException exception)
        {
            // The client hung up in the middle of its body, or sent it too slowly: nothing of ours failed.
            return Refuse(ProblemDocument.Of(exception.StatusCode, exception.Message));
        }
        catch (RequestFailedException exception) when (exception.Status is 0 or StatusCodes.Status503ServiceUnavailable)
        {
            return Refuse(Unavailable(exception));
        }
        catch (AggregateException exception) when (exception.InnerException is RequestFailedException { Status: 0 })
        {
            return Refuse(Unavailable(exception.InnerException));
        }

        IResult Refuse(ProblemDocument problem) => JsonResult.Of(problem with { Instance = request.Path });
    }

    private static ProblemDocument Unavailable(Exception exception) => ProblemDocument.Of(
        StatusCodes.Status503ServiceUnavailable,
        $"The storage cannot be reached: {exception.Message.Split('\n')[0].Trim()} Check ReidCloud__StorageConnection; on one machine ./reid up starts it.");
}
