using System.Globalization;
using Microsoft.AspNetCore.Http;
using ReidCloud.Datasets;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Functions.Api;

/// <summary>What stands in a request's address: names in its path, and its query, of which nothing unknown is passed over.</summary>
internal static class Parameters
{
    public const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    /// <summary>What the Functions host takes for itself.</summary>
    private static readonly string[] HostsOwn = ["code", "clientId"];

    /// <exception cref="ProblemException">404: it cannot be a run.</exception>
    public static RunId Run(string text) => RunId.TryParse(text, out var run) ? run : throw NoRun(text);

    public static ProblemException NoRun(object run) => ProblemException.NotFound($"There is no run '{run}'. GET /api/runs lists those there are.");

    /// <summary>A name that a data set may be given.</summary>
    /// <exception cref="SpecException">It may not.</exception>
    public static string NewDataset(string name) =>
        DatasetName.Require(name, "name");

    public static ProblemException NoDataset(string name) =>
        ProblemException.NotFound($"There is no data set '{name}'. GET /api/datasets lists those there are.");

    public static ProblemException NoReadyDataset(string name) =>
        ProblemException.NotFound($"There is no data set '{ForeignText.Shown(name)}' that is ready. GET /api/datasets lists those there are.");

    public static ProblemException NoWeights(string name) =>
        ProblemException.NotFound($"There are no weights '{name}'. GET /api/weights lists those there are.");

    /// <exception cref="SpecException">The query has a parameter that is not one of these.</exception>
    public static void Allow(HttpRequest request, params string[] names)
    {
        var unknown = request.Query.Keys.Where(key => !names.Contains(key, StringComparer.Ordinal) && !HostsOwn.Contains(key, StringComparer.Ordinal));
        SpecError[] errors = [.. unknown.Select(key => new SpecError($"?{key}", names.Length == 0
            ? "there are no query parameters here"
            : $"is not one of: {string.Join(", ", names)}"))];
        if (errors.Length > 0)
        {
            throw new SpecException(errors);
        }
    }

    public static string? Text(HttpRequest request, string name) => request.Query[name] is [{ Length: > 0 } text, ..] ? text : null;

    public static int Limit(HttpRequest request) => Text(request, "limit") switch
    {
        null => DefaultLimit,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= MaxLimit => limit,
        var text => throw new SpecException("?limit", $"must be a number from 1 to {MaxLimit}, was '{text}'"),
    };

    public static T? Named<T>(HttpRequest request, string name)
        where T : struct, Enum
    {
        if (Text(request, name) is not { } text)
        {
            return null;
        }

        var names = NameConverterFactory.NamesOf(typeof(T));
        var place = names.ToList().IndexOf(text);
        return place >= 0 ? Enum.GetValues<T>()[place] : throw new SpecException($"?{name}", $"'{text}' is not one of: {string.Join(", ", names)}");
    }
}
