using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ReidCloud.Cli.Api;
using ReidCloud.Datasets;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Cli.Progress;

/// <summary>Pushes weights: what the system would refuse is refused here, before it is sent; what is there already is not sent again.</summary>
internal sealed partial class WeightsPush(ReidClient client, Terminal terminal)
{
    private const string CheckpointFolder = "chk";
    private static readonly string[] Endings = [.. StateDictFile.Endings, ".bin", ".tar"];

    /// <param name="name">Null: made of the file's name.</param>
    /// <param name="parameters">A hparams.json, or null to look for one.</param>
    public async Task<WeightsView> PushAsync(string path, string? name, BackboneName? backbone, string? parameters, CancellationToken cancellationToken)
    {
        if (!File.Exists(path) || (parameters is not null && !File.Exists(parameters)))
        {
            throw CommandException.Mistake($"there is no file '{(File.Exists(path) ? parameters : path)}'", "weights are pushed as one file: .safetensors, or what torch.save wrote");
        }

        var file = Path.GetFileName(path);
        name = name is null ? NameOf(path) : DatasetName.IsValid(name) ? name : throw CommandException.Mistake($"'{name}' is no name of weights", $"it {DatasetName.Rule}");
        parameters ??= ParametersOf(path);
        await using var content = File.OpenRead(path);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        var read = parameters is null ? null : ReferenceParameters.Read(await File.ReadAllBytesAsync(parameters, cancellationToken));
        var manifest = WeightsManifest.Of(content, file, sha256, backbone, read, default);
        if (parameters is not null)
        {
            terminal.Say($"With {parameters}: {NameConverterFactory.NameOf(read!.Backbone)}, {read.Identities} identities.");
        }

        if (await client.TryWeightsAsync(name, cancellationToken) is { } there)
        {
            if (there.Sha256 != sha256 || there.Model != manifest.Model)
            {
                throw CommandException.Mistake(
                    $"weights '{name}' are there and are others ({there.File}, {NameConverterFactory.NameOf(there.Model.Backbone)})", "weights never change: --name gives these another name");
            }

            terminal.Say($"Weights {name} are there already.");
            return there;
        }

        content.Position = 0;
        await UploadAsync(name, file, content, cancellationToken);
        if (parameters is not null)
        {
            await using var beside = File.OpenRead(parameters);
            await UploadAsync(name, ReferenceParameters.FileName, beside, cancellationToken);
        }

        var pushed = await Bars.WaitAsync(
            terminal, "Reading and checking them", _ => client.PushWeightsAsync(name, new PushRequest(backbone, sha256), cancellationToken));
        return pushed.Sha256 == sha256
            ? pushed
            : throw CommandException.Fault(
                $"weights '{name}' became others than {path}: their SHA-256 is {pushed.Sha256}, the file's {sha256}", "somebody else may push under this name: --name gives these another");
    }

    /// <summary>Where VKD's programs leave it: beside the weights' folder `chk`, in `params`. Or somebody put it beside the file.</summary>
    private static string? ParametersOf(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return new[] { Path.Combine(folder, ReferenceParameters.FileName), Path.Combine(folder, "..", "params", ReferenceParameters.FileName) }
            .Select(Path.GetFullPath).FirstOrDefault(File.Exists);
    }

    /// <summary>VKD's programs call every run's last weights `chk_end`, in a folder `chk` of the run's: there the run's name goes before.</summary>
    private static string NameOf(string path)
    {
        var file = Path.GetFileName(path);
        var folder = Directory.GetParent(Path.GetFullPath(path));
        if (folder is { Name: CheckpointFolder, Parent: { Name: var run } })
        {
            file = $"{run}-{file}";
        }

        var ending = Endings.FirstOrDefault(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ?? "";
        var name = Unusual().Replace(file[..^ending.Length].ToLowerInvariant(), "-").Trim('-');
        return DatasetName.IsValid(name) ? name : throw CommandException.Mistake($"no name can be made of '{file}'", $"--name NAME gives one: it {DatasetName.Rule}");
    }

    private async Task UploadAsync(string weights, string file, FileStream content, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        var upload = new BlobUpload(http, async token => (await client.OfferWeightsUploadAsync(weights, file, token)).Url);
        await Bars.BytesAsync(terminal, $"Uploading {file}", content.Length, sent => upload.SendAsync(content, sent, cancellationToken));
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Unusual();
}
