using ReidCloud.Specs;

namespace ReidCloud.Tests.Docs.Pages;

/// <summary>docs/spec.md: what may be asked for, member by member.</summary>
internal static class SpecPage
{
    private const string Head = """
        # Requests

        A request says all that can change a result. It is the body of `POST /api/runs`, what `./reid submit FILE` sends, what the runner obeys, and what the
        report repeats. The shortest training:

        ```json
        { "kind": "train", "dataset": "people", "model": { "backbone": "resnet18" }, "method": { "kind": "supervised" } }
        ```

        A student of a teacher that another run trained:

        ```json
        {
          "kind": "train",
          "dataset": "people",
          "model": { "backbone": "resnet50" },
          "method": { "kind": "view-distillation", "teacher": { "run": "0123456789abcdef0123" }, "teacherViews": 8, "studentViews": 2 },
          "sampling": { "identities": 12, "tracklets": 4, "views": "multi-view" },
          "schedule": { "kind": "multi-step", "milestones": [300, 450] },
          "epochs": 500
        }
        ```

        Any network on any data set, where it looks, and its ONNX:

        ```json
        { "kind": "evaluate", "dataset": "people", "checkpoint": { "run": "0123456789abcdef0123" }, "galleryFrames": [1, 2, 4] }
        ```

        ```json
        { "kind": "explain", "dataset": "people", "checkpoint": { "weights": "base-mars" }, "input": { "height": 256, "width": 128 }, "images": 32 }
        ```

        ```json
        { "kind": "export", "dataset": "people", "checkpoint": { "run": "0123456789abcdef0123" }, "foldBatchNorm": true }
        ```

        - The JSON is strict: an unknown name, a name twice, a null, a number in quotes or a missing member is refused, with the path of each wrong place
          (`$.method.studentViews`) and what is allowed there. So are values that contradict each other, and options that would have no effect.
        - The same request is the same run: its id is a hash of the request with all defaults filled in. Another `repeat` asks for it once more.
        - `./reid submit --set path=value` changes one place of a preset or file: `--set epochs=3`, `--set method.losses[3].weight=0.2`.
        - Time spans are written `hh:mm:ss`, or `d.hh:mm:ss`.

        The schema of all this for machines is in `GET /api/catalog`, beside every name that may be used:

        ```sh
        ./reid presets demo-teacher > request.json
        ./reid submit request.json --dataset nobody --json || echo "refused: $?"
        ```

        ```
        refused: 2
        ```

        Below, *left out* is the value that holds when a member is left out; – is none at all, *all its own* the values
        in the chapter of what stands there.


        """;

    private static readonly RecordSections Sections = new(isAskedFor: true, new Dictionary<Type, string>());

    private static readonly string Chapters = Sections.Of(typeof(RunSpec));

    /// <summary>What other pages link to.</summary>
    public static IReadOnlyList<Type> Described => Sections.Described;

    public static string Text() => Head + Chapters;
}
