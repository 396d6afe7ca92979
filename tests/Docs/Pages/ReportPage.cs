using ReidCloud.Reports;

namespace ReidCloud.Tests.Docs.Pages;

/// <summary>docs/report.md: what a report says and how to read it.</summary>
internal static class ReportPage
{
    private const string Head = """
        # Reports

        A run that has succeeded has a report, written once. It is the JSON below; beside it lie the same for people, and what stands behind it:

        | file | is |
        |---|---|
        | `report.json` | all figures, with what they depend on: [MetricReport](#metricreport) |
        | `report.html` | one page for people, without script and without anything from elsewhere: opens in any browser, prints, can be sent |
        | `report.md`, `report.csv` | the same as text and as a table |
        | `insights.json` | what the page is drawn from: queries, camera pairs, rank lists with pictures, map, health, Grad-CAM pairs: [ReportInsights](#reportinsights) |

        `./reid report RUN` shows it, `./reid report RUN --save FOLDER` fetches it with the run's files, `GET /api/runs/RUN/report` answers with the JSON. The checkpoint is
        fetched by `./reid weights export RUN`.

        How to read the figures:

        - All are fractions from 0 to 1. *Rank-k*: the fraction of queries whose first match is among the first k answers. *mAP*: the mean over queries of the average precision.
          *mINP*: the mean of (number of matches) / (rank of the last match): how far one must read to see them all.
        - Average precision is defined in two ways, and both are there. `mapStandard` is the mean of the precision at each match. `mapTrapezoidal` is what the tools of
          Market-1501, MARS and VeRi-776 compute and what most papers on these sets print; it is never more. Compare like with like.
        - *Intervals* are 95 % percentiles of a bootstrap over queries: what would happen with other queries of the same kind. Another training seed is another matter: train with several
          and look at mean ± sd in a comparison.
        - *Differences* to a second model are tested query by query: a difference with its interval, and how often chance alone gives as large a one.
        - Queries without a match have no precision and are left out of all figures; `queriesWithMatch` says how many count.


        """;

    private static readonly RecordSections Sections = new(isAskedFor: false, SpecPage.Described.ToDictionary(type => type, _ => "spec.md"));

    private static readonly string Chapters = Sections.Of(typeof(MetricReport), typeof(ReportInsights));

    /// <summary>What other pages link to.</summary>
    public static IReadOnlyList<Type> Described => Sections.Described;

    public static string Text() => Head + Chapters;
}
