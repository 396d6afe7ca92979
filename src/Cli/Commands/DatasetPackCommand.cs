using System.CommandLine;
using ReidCloud.Cli.Offline;
using ReidCloud.Cli.Progress;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using Spectre.Console;

namespace ReidCloud.Cli.Commands;

/// <summary>`reid dataset pack PATH --output FOLDER`: SYSU-MM01's training as the arrays that others' code trains on. On this machine, without any service.</summary>
internal static class DatasetPackCommand
{
    private const string Layout = "sysu-mm01";

    public static Command Create(Shell shell)
    {
        var path = new Argument<string>("path") { Description = "SYSU-MM01: its folder, or its .zip" };
        var output = new Option<string>("--output", "-o") { HelpName = "folder", Description = "Where the four .npy files go; the pre-processing has them beside cam1 … cam6", Required = true };
        var command = new Command("pack", "Write SYSU-MM01's training as NumPy arrays of 288 × 144 pixels, as its usual pre-processing does") { path, output, shell.Json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (from, folder) = (parse.GetRequiredValue(path), Path.GetFullPath(parse.GetRequiredValue(output)));
            if (!Directory.Exists(folder))
            {
                throw CommandException.Mistake($"there is no folder '{folder}'", "--output names a folder that exists");
            }

            var written = await PackAsync(shell.Terminal, from, folder, cancellationToken);
            if (parse.GetValue(shell.Json))
            {
                shell.Terminal.WriteJson(new Packed(written));
            }
            else
            {
                foreach (var file in written)
                {
                    shell.Terminal.Out.WriteLine($"{Path.Combine(folder, file.Name)}: {file.Type} [{string.Join(", ", file.Shape)}], {Words.Bytes(file.Length)}");
                }
            }

            shell.Terminal.Say("Beside cam1 … cam6 and exp, `./reid dataset push FOLDER --name NAME --variant packed` trains on them.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Task<IReadOnlyList<PackedArray>> PackAsync(Terminal terminal, string path, string folder, CancellationToken cancellationToken) =>
        Bars.WaitAsync(terminal, "Packing the training", bar => Task.Run(
            () =>
            {
                try
                {
                    using var upload = LocalUpload.Open(path, Layout, new Shown<IngestProgress>(at => bar.Show(at.Total > 0 ? (double)at.Done / at.Total : null, $"{at.Step}, {at.Done} of {at.Total}")), cancellationToken);
                    var total = upload.Manifest.Diagnosis.Train.Frames;
                    return SysuPack.Write(upload, folder, new Shown<int>(done => bar.Show((double)done / total, $"{done} of {total} images")), cancellationToken);
                }
                catch (DatasetException exception)
                {
                    throw CommandException.Mistake(exception.Message, "the data set is to be as its authors publish it; docs/layouts.md says how");
                }
                catch (Exception exception) when (exception is ImageException or ArchiveException)
                {
                    throw CommandException.Mistake(exception.Message);
                }
            },
            cancellationToken));

    private sealed record Packed(IReadOnlyList<PackedArray> Files);

    /// <summary>On the thread that reports.</summary>
    private sealed class Shown<T>(Action<T> show) : IProgress<T>
    {
        public void Report(T value) => show(value);
    }
}
