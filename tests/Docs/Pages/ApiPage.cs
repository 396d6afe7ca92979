using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions;
using ReidCloud.Functions.Api;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Docs.Pages;

/// <summary>docs/api.md: every operation of the HTTP API, from the same attributes as its OpenAPI description.</summary>
internal static class ApiPage
{
    private const string Head = """
        # The HTTP API

        All that the command line does, it does by these requests. The API describes itself as OpenAPI 3.1:

        ```sh
        curl -s http://127.0.0.1:7071/api/openapi.json | jq -r .openapi
        ```

        ```
        3.1.0
        ```

        - Bodies are strict JSON (see [Requests](spec.md)), at most 1 MiB. Large files never pass through the API: it gives out addresses of the storage to upload to and to download
          from, which are good for a short time.
        - A refusal is a problem document (RFC 9457, `application/problem+json`): what is wrong, each wrong place with its path, and what is allowed there. Nothing has changed then.
        - In the cloud every operation but `GET /api/health` asks for a key of the Functions app in the header `x-functions-key`. On one machine none is asked for, and the API listens
          on 127.0.0.1 only.
        - Whoever asks too often is answered with 429 and `Retry-After`. A storage that does not answer is a 503, and asking again is right.
        - Lists come in pages: `continue` of one page asks for the next.

        The session of the [README](../README.md#the-same-with-curl-and-jq) uploads a data set and trains with nothing but curl and jq.


        """;

    /// <summary>Described by their own pages.</summary>
    private static readonly Dictionary<Type, string> Elsewhere = SpecPage.Described.Select(type => (type, "spec.md"))
        .Concat(ReportPage.Described.Select(type => (type, "report.md"))).ToDictionary();

    public static string Text()
    {
        var page = new StringBuilder(Head);
        var bodies = new List<Type>();
        foreach (var group in FunctionScan.Http.Where(function => function.IsOperation).OrderBy(function => function.Path, StringComparer.Ordinal).GroupBy(function => function.Path.Split('/')[2]))
        {
            page.Append(CultureInfo.InvariantCulture, $"## /api/{group.Key}\n\n");
            foreach (var function in group)
            {
                Write(page, function, bodies);
            }
        }

        page.Append("## What is sent and answered\n\n");
        return page.Append(new RecordSections(isAskedFor: false, Elsewhere, "###")
            .Of(bodies.Distinct().Where(type => type != typeof(SpecCatalog) && !Elsewhere.ContainsKey(type)).Append(typeof(ProblemDocument)))).ToString();
    }

    private static void Write(StringBuilder page, HttpFunction function, List<Type> bodies)
    {
        var method = function.Method;
        page.Append(CultureInfo.InvariantCulture, $"### {string.Join(", ", function.Verbs).ToUpperInvariant()} {function.Path}\n\n{method.GetCustomAttribute<SummaryAttribute>()!.Text}.");
        page.Append(function.Trigger.AuthLevel == AuthorizationLevel.Anonymous ? " Needs no key.\n\n" : "\n\n");
        if (method.GetCustomAttributes<QueryAttribute>().ToList() is { Count: > 0 } queries)
        {
            page.Append(MarkdownTable.Of(["parameter", "is"], queries.Select(query => (string[])[$"`{query.Name}`", query.Meaning]))).Append('\n');
        }

        if (method.GetCustomAttribute<AcceptsAttribute>() is { } accepts)
        {
            bodies.Add(accepts.Body);
            page.Append(CultureInfo.InvariantCulture, $"Body: {Link(accepts.Body)}{(accepts.Optional ? ", may be left out" : "")}");
            page.Append(accepts.Body == typeof(RunSpec) ? ".\n\n" : $", such as\n\n```json\n{Examples.Of(accepts.Body)!.ToJsonString()}\n```\n\n");
        }

        var answers = method.GetCustomAttributes<AnswersAttribute>().OrderBy(answer => answer.Status).ToList();
        bodies.AddRange(answers.Select(answer => answer.Body).OfType<Type>().Where(IsOurs));
        page.Append(MarkdownTable.Of(
            ["answer", "body", "when"], answers.Select(answer => (string[])[$"{answer.Status}", Body(answer), $"{answer.When}{(answer.Location ? " (`Location`)" : "")}"]))).Append('\n');
    }

    private static string Body(AnswersAttribute answer) => answer switch
    {
        { Body: { } body } => IsOurs(body) ? Link(body) : "JSON",
        { Type: { } type } => $"`{type}`",
        { Status: >= StatusCodes.Status400BadRequest } => Link(typeof(ProblemDocument)),
        _ => "",
    };

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith(nameof(ReidCloud), StringComparison.Ordinal) == true;

    private static string Link(Type type) => type == typeof(SpecCatalog)
        ? "names, and the [schema](spec.md)"
        : $"[{NameOf(type)}]({Elsewhere.GetValueOrDefault(type)}#{NameOf(type).ToLowerInvariant()})";

    private static string NameOf(Type type) => type.IsGenericType ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;
}
