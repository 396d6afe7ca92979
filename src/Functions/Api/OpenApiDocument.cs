using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ReidCloud.Functions.Api;

/// <summary>The API's description in OpenAPI 3.1, derived from the functions' triggers and attributes and from the types they read and write.</summary>
internal static partial class OpenApiDocument
{
    private const string KeyScheme = "functionKey";

    public static JsonObject Create(string version)
    {
        var schemas = new ApiSchemas();
        var paths = new JsonObject();
        foreach (var function in FunctionScan.Http.Where(function => function.IsOperation).OrderBy(function => function.Path, StringComparer.Ordinal))
        {
            if (paths[function.Path] is not JsonObject path)
            {
                paths[function.Path] = path = new JsonObject();
                if (PathParameters(function) is { Count: > 0 } parameters)
                {
                    path["parameters"] = parameters;
                }
            }

            foreach (var verb in function.Verbs)
            {
                path[verb.ToLowerInvariant()] = Operation(function, schemas);
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "ReidCloud",
                ["version"] = version,
                ["description"] = "Upload a re-identification data set, queue runs on it, and read their reports. Bodies are strict JSON: unknown "
                    + "names, nulls and missing members are refused with their place. Refusals are problem documents (RFC 9457).",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["responses"] = new JsonObject { ["Problem"] = Problem(schemas, "Why the request was not obeyed") },
                ["securitySchemes"] = new JsonObject
                {
                    [KeyScheme] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "header",
                        ["name"] = "x-functions-key",
                        ["description"] = "A key of the Functions app. On one machine none is demanded.",
                    },
                },
                ["schemas"] = schemas.Components(),
            },
        };
    }

    private static JsonObject Operation(HttpFunction function, ApiSchemas schemas)
    {
        var operation = new JsonObject
        {
            ["operationId"] = function.Name,
            ["summary"] = function.Method.GetCustomAttribute<SummaryAttribute>()?.Text
                ?? throw new InvalidOperationException($"{function.Name} has no summary"),
            ["tags"] = new JsonArray(function.Path.Split('/')[2]),
        };
        var queries = function.Method.GetCustomAttributes<QueryAttribute>().Select(query => (JsonNode)new JsonObject
        {
            ["name"] = query.Name,
            ["in"] = "query",
            ["description"] = query.Meaning,
            ["schema"] = schemas.Of(query.Type),
        }).ToArray();
        if (queries.Length > 0)
        {
            operation["parameters"] = new JsonArray(queries);
        }

        if (function.Method.GetCustomAttribute<AcceptsAttribute>() is { } accepts)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = !accepts.Optional,
                ["content"] = Content("application/json", schemas.Of(accepts.Body), Examples.Of(accepts.Body)),
            };
        }

        operation["responses"] = Responses(function, schemas);
        operation["security"] = function.Trigger.AuthLevel == AuthorizationLevel.Anonymous
            ? new JsonArray()
            : new JsonArray(new JsonObject { [KeyScheme] = new JsonArray() });
        return operation;
    }

    private static JsonObject Responses(HttpFunction function, ApiSchemas schemas)
    {
        var responses = new JsonObject();
        foreach (var answer in function.Method.GetCustomAttributes<AnswersAttribute>().OrderBy(answer => answer.Status))
        {
            responses[$"{answer.Status}"] = answer is { Status: >= StatusCodes.Status400BadRequest, Body: null } ? Problem(schemas, answer.When) : Success(answer, schemas);
        }

        responses["default"] = new JsonObject { ["$ref"] = "#/components/responses/Problem" };
        return responses;
    }

    private static JsonObject Success(AnswersAttribute answer, ApiSchemas schemas)
    {
        var response = new JsonObject { ["description"] = answer.When };
        if (answer.Location)
        {
            response["headers"] = new JsonObject
            {
                ["Location"] = new JsonObject
                {
                    ["description"] = "The resource's address",
                    ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "uri-reference" },
                },
            };
        }

        if (answer.Body is not null)
        {
            var content = Content("application/json", schemas.Of(answer.Body), null);
            foreach (var form in answer.AllForms ? Enum.GetValues<ReportForm>().Where(form => form != ReportForm.Json) : [])
            {
                content[ReportForms.MediaTypeOf(form)] = new JsonObject();
            }

            response["content"] = content;
        }
        else if (answer.Type is { } type)
        {
            response["content"] = new JsonObject { [type] = new JsonObject() };
        }

        return response;
    }

    private static JsonObject Problem(ApiSchemas schemas, string when) => new()
    {
        ["description"] = when,
        ["content"] = Content(ProblemDocument.ContentType, schemas.Of(typeof(ProblemDocument)), null),
    };

    private static JsonObject Content(string type, JsonNode schema, JsonNode? example)
    {
        var content = new JsonObject { ["schema"] = schema };
        if (example is not null)
        {
            content["example"] = example;
        }

        return new JsonObject { [type] = content };
    }

    private static JsonArray PathParameters(HttpFunction function) =>
        [.. RouteParameter().Matches(function.Path).Select(match => (JsonNode)new JsonObject
        {
            ["name"] = match.Groups[1].Value,
            ["in"] = "path",
            ["required"] = true,
            ["schema"] = new JsonObject { ["type"] = "string" },
        })];

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex RouteParameter();
}
