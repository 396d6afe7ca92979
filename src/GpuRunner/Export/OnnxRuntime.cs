using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ReidCloud.GpuRunner.Export;

/// <summary>
/// ONNX Runtime for Node in a process of its own (Node/embed.cjs), which reads models as any other program does. It is told the files to read and to write, a line
/// each time, and ends with this object or this process. It gets none of this process's environment but where to find programs.
/// </summary>
internal sealed class OnnxRuntime : IDisposable
{
    private const string Option = $"{ReidCloudOptions.Section}__{nameof(ReidCloudOptions.OnnxRuntimeFolder)}";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);
    private static readonly string[] Kept = ["PATH", "SystemRoot"];

    private readonly Process _node;
    private readonly string _scratch;
    private readonly StringBuilder _errors = new();

    private OnnxRuntime(Process node, string scratch)
    {
        (_node, _scratch) = (node, scratch);
        _node.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _node.BeginErrorReadLine();
    }

    /// <summary>Of what has answered last.</summary>
    public string Version { get; private set; } = "";

    /// <param name="folder">Where npm has installed it.</param>
    /// <param name="scratch">A folder for images and embeddings on their way.</param>
    /// <exception cref="OnnxRuntimeException">It is not there.</exception>
    public static OnnxRuntime Start(string folder, string scratch)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "onnxruntime-node")))
        {
            throw new OnnxRuntimeException(
                $"an export is checked in ONNX Runtime, which is not in the folder that {Option} names ('{folder}'). `reid export` installs it for a system on its own machine; "
                + "elsewhere copy package.json and package-lock.json from src/GpuRunner/Export/Node into that folder and run there: npm ci --ignore-scripts");
        }

        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Except(Kept, StringComparer.OrdinalIgnoreCase).ToList())
        {
            start.Environment.Remove(name);
        }

        start.ArgumentList.Add("-e");
        start.ArgumentList.Add(Script());
        start.ArgumentList.Add(Path.GetFullPath(folder));
        try
        {
            return new OnnxRuntime(Process.Start(start)!, scratch);
        }
        catch (Win32Exception fault)
        {
            throw new OnnxRuntimeException($"an export is checked in ONNX Runtime for Node, and Node cannot be started ({fault.Message}): install Node 20 or later where the runner is", fault);
        }
    }

    /// <summary>The embeddings of the first images of <paramref name="images_NCHW"/>, as many as the shape says, image by image.</summary>
    /// <exception cref="OnnxRuntimeException">It refuses the model, or failed.</exception>
    public float[] Embed(string model, ReadOnlyMemory<float> images_NCHW, long[] shape, int threads, CancellationToken stop) =>
        EmbedAsync(model, images_NCHW, shape, threads, stop).GetAwaiter().GetResult();

    /// <summary>Without requests it ends by itself.</summary>
    public void Dispose()
    {
        _node.StandardInput.Close();
        if (!_node.WaitForExit(Farewell))
        {
            _node.Kill(entireProcessTree: true);
        }

        _node.Dispose();
    }

    private async Task<float[]> EmbedAsync(string model, ReadOnlyMemory<float> images_NCHW, long[] shape, int threads, CancellationToken stop)
    {
        var (images, embeddings) = (Path.Combine(_scratch, "images.f32"), Path.Combine(_scratch, "embeddings.f32"));
        var count = (int)shape.Aggregate(1L, (product, size) => product * size);
        await File.WriteAllBytesAsync(images, MemoryMarshal.AsBytes(images_NCHW.Span[..count]).ToArray(), stop);
        var answer = await AskAsync(new Request(Path.GetFullPath(model), images, shape, embeddings, threads), stop);
        if (answer.Error is { } error)
        {
            throw new OnnxRuntimeException($"ONNX Runtime refuses the model: {error}");
        }

        Version = answer.Version!;
        return MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(embeddings, stop)).ToArray();
    }

    private async Task<Answer> AskAsync(Request request, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            await _node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, JsonSerializerOptions.Web).AsMemory(), limit.Token);
            await _node.StandardInput.FlushAsync(limit.Token);
            if (await _node.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                return JsonSerializer.Deserialize<Answer>(line, JsonSerializerOptions.Web)!;
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            _node.Kill(entireProcessTree: true);
            throw new OnnxRuntimeException($"ONNX Runtime did not answer for {Limit:c}: the machine is too slow or too busy for this model");
        }
        catch (OperationCanceledException)
        {
            _node.Kill(entireProcessTree: true);
            throw;
        }
        catch (Exception fault) when (fault is IOException or JsonException)
        {
            throw new OnnxRuntimeException(Died(), fault);
        }

        throw new OnnxRuntimeException(Died());
    }

    private string Died()
    {
        _node.WaitForExit(Farewell);
        lock (_errors)
        {
            return $"the process of ONNX Runtime ended. Its last words: {_errors.ToString().Trim()}";
        }
    }

    private static string Script()
    {
        using var script = new StreamReader(typeof(OnnxRuntime).Assembly.GetManifestResourceStream("embed.cjs")!);
        return script.ReadToEnd();
    }

    private sealed record Request(string Model, string Images, long[] Shape, string Embeddings, int Threads);

    private sealed record Answer(string? Version, long[]? Shape, string? Error);
}
