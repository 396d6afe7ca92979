using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions.Api;
using ReidCloud.Specs;

namespace ReidCloud.Functions;

/// <summary>Shows one published recipe in full, to be changed and submitted.</summary>
public sealed class GetPreset
{
    [Function(nameof(GetPreset))]
    [Summary("Shows a preset: a named complete spec")]
    [Answers(200, typeof(Preset), "The preset")]
    [Answers(404, null, "There is none of that name; those there are, are named")]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/presets/{name}")] HttpRequest request, string name) =>
        Answer.WithAsync(request, () =>
        {
            Parameters.Allow(request);
            var preset = Presets.All.FirstOrDefault(preset => preset.Name == name) ?? throw ProblemException.NotFound(
                $"There is no preset '{name}'. There are: {string.Join(", ", Presets.All.Select(preset => preset.Name))}.");
            return Task.FromResult<IResult>(JsonResult.Of(preset));
        });
}
