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
        var settings = Arguments.List(
            "--settings",
            "What is searched for in what, separated by commas",
            "image-to-video,…",
            Arguments.Named<RetrievalSetting>,
            $"one of: {Arguments.Names<RetrievalSetting>()}");
        var frames = new Option<int?>("--frames") { Description = "How many frames stand for a tracklet" };
        var galleryFrames = Arguments.List(
            "--gallery-frames",
            "Also measure with so many frames of each gallery tracklet, while queries keep theirs",
            "1,2,4,8",
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : (int?)null,
            "a number of frames");
        var protocol = new Option<string?>("--protocol") { Description = "Which answers count" };
        protocol.AcceptOnlyFromAmong([.. NameConverterFactory.NamesOf(typeof(RetrievalProtocol))]);
        var cameraBias = new Option<bool>("--camera-bias") { Description = "Measure how well a linear classifier reads the camera off the embeddings" };
        var saveDistances = new Option<bool>("--save-distances")
        {
            Description = "Keep all distances as files of the run, 4 bytes each; `report RUN --save FOLDER` fetches them",
        };
        var command = new Command(
            "evaluate",
            "Measure a trained network. On the data set it was trained on, its run's own evaluation is the default, otherwise the published protocol of the "
            + "data set's layout: 8 frames of a tracklet and the cosine distance; what is searched for in what, and which answers count, as VKD and ATRW have it");
        network.AddTo(command);
        foreach (var option in (Option[])[settings, frames, galleryFrames, protocol, cameraBias, saveDistances, shell.Json])
        {
            command.Add(option);
        }

        command.SetAction(async (parse, cancellationToken) =>
        {
            using var client = shell.Client(parse);
            var (dataset, training) = await network.FindAsync(parse, client, cancellationToken);
            var evaluation = training?.Dataset == dataset
                ? training.Evaluation with { EveryEpochs = 0 }
                : Published(await client.DatasetAsync(dataset, cancellationToken));
            var searches = parse.GetValue(settings) is { Length: > 0 } named ? named : evaluation.Settings;
            var request = new EvaluateSpec(dataset, network.Network(parse))
            {
                Against = network.Against(parse),
                Input = network.Input(parse),
                GalleryFrames = parse.GetValue(galleryFrames) ?? [],
                CameraBias = parse.GetValue(cameraBias),
                SaveDistances = parse.GetValue(saveDistances),
                Evaluation = evaluation with
                {
                    Settings = searches,
                    GalleryImages = searches.Any(SearchesImages) ? evaluation.GalleryImages : default,
                    Frames = parse.GetValue(frames) ?? evaluation.Frames,
                    Protocol = parse.GetValue(protocol) is { } name ? Arguments.Named<RetrievalProtocol>(name)!.Value : evaluation.Protocol,
                },
            };
            var edited = network.Edited(parse, request);
            edited = parse.GetValue(protocol) is null && !ChosenProtocol.IsNamed(network.Edits(parse)) ? await ChosenProtocol.ForAsync(shell, client, edited, cancellationToken) : edited;
            return await Submission.SendAsync(
                shell, client, edited, parse.GetValue(network.Priority), parse.GetValue(network.Watch), parse.GetValue(shell.Json), cancellationToken);
        });
        return command;
    }

    /// <summary>Where none does, which images a gallery has cannot matter.</summary>
    private static bool SearchesImages(RetrievalSetting setting) => setting is RetrievalSetting.ImageToImage or RetrievalSetting.VideoToImage;

    private static EvaluationSpec Published(DatasetView dataset) => LayoutProtocols.Of(dataset.Layout, dataset.Variant);
}
