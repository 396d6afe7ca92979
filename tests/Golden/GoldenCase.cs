using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace ReidCloud.Tests.Golden;

/// <summary>One case of a reference program: its inputs, the parameters of the computation, what must come out and how closely.</summary>
public sealed record GoldenCase(
    string Name,
    string Op,
    JsonElement Params,
    double RelativeTolerance,
    double AbsoluteTolerance,
    IReadOnlyDictionary<string, GoldenTensor> Inputs,
    IReadOnlyDictionary<string, GoldenTensor> Expected)
{
    public GoldenTensor this[string input] => Inputs[input];

    public bool Has(string param) => Params.TryGetProperty(param, out _);

    public string Text(string param) => Params.GetProperty(param).GetString()!;

    public int Int(string param) => Params.GetProperty(param).GetInt32();

    public double Number(string param) => Params.GetProperty(param).GetDouble();

    public bool Flag(string param) => Params.GetProperty(param).GetBoolean();

    /// <summary>Cases in double precision say so; the others are in single.</summary>
    public bool IsFloat64 => Has("dtype") && Text("dtype") == "float64";

    public static GoldenCase Read(string path)
    {
        var file = File.ReadAllBytes(path);
        var headerLength = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file));
        using var header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        var data = file.AsSpan(8 + headerLength);
        var tensors = new Dictionary<string, GoldenTensor>(StringComparer.Ordinal);
        foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            var offsets = entry.Value.GetProperty("data_offsets");
            var (from, to) = (offsets[0].GetInt32(), offsets[1].GetInt32());
            var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            tensors[entry.Name] = new GoldenTensor(entry.Value.GetProperty("dtype").GetString()!, shape, data[from..to].ToArray());
        }

        var metadata = header.RootElement.GetProperty("__metadata__");
        string Value(string key) => metadata.GetProperty(key).GetString()!;
        double Tolerance(string key) => double.Parse(Value(key), CultureInfo.InvariantCulture);
        Dictionary<string, GoldenTensor> Part(string prefix) => tensors
            .Where(tensor => tensor.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(tensor => tensor.Key[prefix.Length..], tensor => tensor.Value, StringComparer.Ordinal);

        return new GoldenCase(
            Value("case"), Value("op"), JsonDocument.Parse(Value("params")).RootElement.Clone(), Tolerance("rtol"), Tolerance("atol"), Part("in."), Part("out."));
    }

    /// <summary>Throws with the first few differences unless every expected output is there, has its shape, and is close enough.</summary>
    public void Compare(IReadOnlyDictionary<string, GoldenTensor> actual)
    {
        var faults = new List<string>();
        foreach (var (name, expected) in Expected)
        {
            if (!actual.TryGetValue(name, out var output))
            {
                faults.Add($"{name}: not computed");
            }
            else if (!output.Shape.SequenceEqual(expected.Shape))
            {
                faults.Add($"{name}: shape [{string.Join(',', output.Shape)}], expected [{string.Join(',', expected.Shape)}]");
            }
            else
            {
                faults.AddRange(Differences(name, output.Values, expected).Take(3));
            }
        }

        Assert.True(faults.Count == 0, $"{Name} ({Op}): {string.Join("; ", faults)}");
    }

    private IEnumerable<string> Differences(string name, double[] actual, GoldenTensor expected)
    {
        var values = expected.Values;

        // Integers must be equal; of pictures the tolerance speaks.
        var exact = expected.Dtype == "I64";
        for (var i = 0; i < values.Length; i++)
        {
            var allowed = exact ? 0 : AbsoluteTolerance + RelativeTolerance * Math.Abs(values[i]);
            if (!(Math.Abs(actual[i] - values[i]) <= allowed))
            {
                yield return $"{name}[{i}] is {actual[i]:R}, expected {values[i]:R} ± {allowed:G3}";
            }
        }
    }
}
