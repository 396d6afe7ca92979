using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using ReidCloud.Functions;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class GetOpenApiTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;
    private JsonElement _document;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        _document = await _api.GetAsync("/api/openapi.json");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public void Describes_every_operation_and_no_other()
    {
        var described = from path in _document.GetProperty("paths").EnumerateObject()
                        from operation in path.Value.EnumerateObject()
                        where operation.Name != "parameters"
                        select operation.Value.GetProperty("operationId").GetString();

        Assert.Equal(FunctionScan.Http.Where(function => function.IsOperation).Select(function => function.Name).Order(), described.Order());
    }

    [Fact]
    public void Every_operation_but_health_demands_a_key_and_says_so()
    {
        Assert.All(FunctionScan.Http.Where(function => function.IsOperation), function => Assert.Equal(
            function.Name == nameof(GetHealth) ? AuthorizationLevel.Anonymous : AuthorizationLevel.Function, function.Trigger.AuthLevel));
        foreach (var operation in _document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Where(member => member.Name != "parameters"))
        {
            var isOpen = operation.Value.GetProperty("operationId").GetString() == nameof(GetHealth);
            Assert.Equal(isOpen ? [] : ["functionKey"], operation.Value.GetProperty("security").EnumerateArray().SelectMany(demand => demand.EnumerateObject()).Select(demand => demand.Name));
        }
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var references = All(_document).Where(pair => pair.Name == "$ref").Select(pair => pair.Value.GetString()!).Distinct().ToList();

        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            var at = _document;
            Assert.True(reference.Split('/').Skip(1).All(name => at.TryGetProperty(name, out at)), reference);
        }
    }

    [Fact]
    public void Every_operation_says_what_it_does_and_what_it_answers()
    {
        foreach (var path in _document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(member => member.Name != "parameters"))
            {
                Assert.False(string.IsNullOrWhiteSpace(operation.Value.GetProperty("summary").GetString()), operation.Name);
                Assert.Contains(operation.Value.GetProperty("responses").EnumerateObject(), answer => answer.Name[0] is '2' or '3');
            }

            var named = path.Name.Count(character => character == '{');
            var parameters = path.Value.TryGetProperty("parameters", out var list) ? list.GetArrayLength() : 0;
            Assert.Equal(named, parameters);
        }
    }

    [Fact]
    public async Task The_example_of_a_run_is_a_run_that_is_admitted()
    {
        var example = _document.GetProperty("paths").GetProperty("/api/runs").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
        await _api.AddDatasetAsync(example.GetProperty("dataset").GetString()!, "p", "q");

        await _api.JsonAsync(HttpMethod.Post, "/api/runs", 202, example.GetRawText());
    }

    [Fact]
    public void A_run_is_a_choice_of_kinds_that_refuse_unknown_members()
    {
        var kinds = _document.GetProperty("components").GetProperty("schemas").GetProperty("RunSpec").GetProperty("oneOf").EnumerateArray().ToList();

        Assert.Equal(["train", "evaluate", "explain", "export"], kinds.Select(kind => kind.GetProperty("properties").GetProperty("kind").GetProperty("const").GetString()));
        Assert.All(kinds, kind => Assert.False(kind.GetProperty("additionalProperties").GetBoolean()));
        Assert.All(kinds, kind => Assert.Contains("dataset", kind.GetProperty("required").EnumerateArray().Select(name => name.GetString())));
    }

    private static IEnumerable<JsonProperty> All(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => All(member.Value).Prepend(member)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(All),
        _ => [],
    };
}
