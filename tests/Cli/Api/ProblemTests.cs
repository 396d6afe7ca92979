using ReidCloud.Cli.Api;

namespace ReidCloud.Tests.Cli.Api;

public sealed class ProblemTests
{
    [Fact]
    public void Shows_each_wrong_place_in_two_columns()
    {
        var problem = Problem.Parse(400, "Bad Request", """
            {"title":"The request is wrong","status":400,"detail":"2 errors","errors":[
              {"path":"$.epochs","message":"must be at least 1, was 0"},
              {"path":"$.method.teacherViews","message":"must be at least studentViews (2), was 1"}]}
            """);

        Assert.Equal(
            """
            The request is wrong (HTTP 400)
              $.epochs               must be at least 1, was 0
              $.method.teacherViews  must be at least studentViews (2), was 1
            """,
            problem.Render(),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Shows_the_detail_where_there_are_no_places()
    {
        var problem = Problem.Parse(404, "Not Found", """{"title":"Not found","detail":"There is no run 00000000000000000000."}""");

        Assert.Equal("Not found (HTTP 404)\n  There is no run 00000000000000000000.", problem.Render(), ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("<html>bad gateway</html>")]
    [InlineData("")]
    [InlineData("[1, 2]")]
    [InlineData("""{"errors": 3}""")]
    [InlineData("""{"errors": [null, "x"]}""")]
    public void Keeps_the_status_of_an_answer_that_is_no_problem_document(string body) =>
        Assert.StartsWith("Bad Gateway (HTTP 502)", Problem.Parse(502, "Bad Gateway", body).Render());

    [Fact]
    public void Reads_the_errors_of_aspnet_too()
    {
        var problem = Problem.Parse(400, "Bad Request", """{"title":"t","errors":{"name":["too long","odd"]}}""");

        Assert.Equal([("name", "too long"), ("name", "odd")], problem.Errors.Select(error => (error.Path, error.Message)));
    }

    [Theory]
    [InlineData(400, 2)]
    [InlineData(404, 2)]
    [InlineData(500, 1)]
    [InlineData(503, 1)]
    public void Tells_the_users_mistake_from_our_fault(int status, int exitCode) =>
        Assert.Equal(exitCode, new ProblemException(Problem.Parse(status, null, "")).ExitCode);
}
