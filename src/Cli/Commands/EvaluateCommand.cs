using System.CommandLine;
using System.Globalization;
using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid evaluate NETWORK`: measures a trained network on any data set, alone or beside another.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Shell shell)
    {
        var network = new NetworkOptions("--set evaluation.galleryIncludesQueries=true --set input.fit=letterbox");
        var measuring = new EvaluationOptions();
        var galleryFrames = Arguments.List(
            "--gallery-frames",
            "Also measure with so many frames of each gallery tracklet, while queries keep theirs",
            "1,2,4,8",
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : (int?)null,
            "a number of frames");
        var cameraBias = new Option<bool>("--camera-bias") { Description = "Measure how well a linear classifier reads the camera off the embeddings" };
        var saveDistances = new Option<bool>("--save-distances")
        {
            Description = "Keep all distances as files of the run, 4 bytes each; `report RUN --save FOLDER` fetches them",
        };
        var command = new Command(
            "evaluate",
            "Measure a trained network. On the data set it was trained on, its run's own evaluation is the default, otherwise the published protocol of the "
            + "data set's layout: 8 frames of a tracklet and the cosine distance; what is searched for in what, and which answers count, as VKD and ATRW have it. A network that was "
            + "trained camera by camera is measured so on any data set");
        network.AddTo(command);
        measuring.AddTo(command);
        foreach (var option in (Option[])[galleryFrames, cameraBias, saveDistances, shell.Json])
        {
            command.Add(option);
        }

        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var (dataset, training) = await network.FindAsync(parse, client, cancellationToken);
            var evaluation = training?.Dataset == dataset
                ? training.Evaluation with { EveryEpochs = 0 }
                : Published(await client.DatasetAsync(dataset, cancellationToken)) with { CameraStatistics = training?.CameraBatchNorm is null ? null : training.Evaluation.CameraStatistics };
            var request = new EvaluateSpec(dataset, network.Network(parse))
            {
                Against = network.Against(parse),
                Input = network.Input(parse),
                GalleryFrames = parse.GetValue(galleryFrames) ?? [],
                CameraBias = parse.GetValue(cameraBias),
                SaveDistances = parse.GetValue(saveDistances),
                Evaluation = measuring.Of(parse, evaluation),
            };
            var edited = network.Edited(parse, request);
            edited = !measuring.NamesProtocol(parse) && !ChosenProtocol.IsNamed(network.Edits(parse)) ? await ChosenProtocol.ForAsync(shell, client, edited, cancellationToken) : edited;
            return await Submission.SendAsync(
                shell, client, edited, parse.GetValue(network.Priority), parse.GetValue(network.Watch), parse.GetValue(shell.Json), cancellationToken);
        });
        return command;
    }

    private static EvaluationSpec Published(DatasetView dataset) => LayoutProtocols.Of(dataset.Layout, dataset.Variant);
}
