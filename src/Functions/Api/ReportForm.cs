using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ReidCloud.Reports;

namespace ReidCloud.Functions.Api;

/// <summary>In what form a report or a comparison is handed out: JSON for programs; a page, a text and a table for people.</summary>
internal enum ReportForm
{
    Json,
    Html,
    Md,
    Csv,
}

internal static class ReportForms
{
    public const string Query = "format";

    /// <summary>What `?format=` names, else what the Accept header likes best of these, else JSON (RFC 9110 §12.5.1).</summary>
    /// <exception cref="ReidCloud.Specs.SpecException">There is no such form.</exception>
    public static ReportForm Asked(HttpRequest request)
    {
        request.HttpContext.Response.Headers.Vary = HeaderNames.Accept;
        return Parameters.Named<ReportForm>(request, Query) ?? Preferred(request.Headers.Accept.ToString());
    }

    public static string MediaTypeOf(ReportForm form) => form switch
    {
        ReportForm.Json => "application/json",
        ReportForm.Html => "text/html",
        ReportForm.Md => "text/markdown",
        ReportForm.Csv => "text/csv",
    };

    /// <summary>How the report's file is called.</summary>
    public static string FileOf(ReportForm form) => form switch
    {
        ReportForm.Json => RunFileName.Report,
        ReportForm.Html => RunFileName.ReportPage,
        ReportForm.Md => RunFileName.ReportText,
        ReportForm.Csv => RunFileName.ReportTable,
    };

    /// <summary>Of a file that is a report's; null of all others, whatever their names end with.</summary>
    public static ReportForm? OfFile(string name) => Enum.GetValues<ReportForm>().Select(form => (ReportForm?)form).FirstOrDefault(form => FileOf(form!.Value) == name);

    private static ReportForm Preferred(string accepted) => MediaTypeHeaderValue.TryParseList([accepted], out var types)
        ? types.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1)
            .SelectMany(type => Enum.GetValues<ReportForm>().Where(form => type.MediaType.Equals(MediaTypeOf(form), StringComparison.OrdinalIgnoreCase))).FirstOrDefault()
        : ReportForm.Json;
}
