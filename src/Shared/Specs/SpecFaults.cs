using System.Numerics;
using System.Runtime.CompilerServices;

namespace ReidCloud.Specs;

/// <summary>Gathers what is wrong with a spec. A number that is not one (NaN) is in no range.</summary>
internal sealed class SpecFaults
{
    private readonly List<SpecError> _errors = [];

    public IReadOnlyList<SpecError> Errors => _errors;

    /// <summary>One of the first faults; what comes after them is in them.</summary>
    public void Add(string path, string message)
    {
        if (_errors.Count < SpecException.MostErrors)
        {
            _errors.Add(new SpecError(path, message));
        }
    }

    public void Unless(bool met, string path, string message)
    {
        if (!met)
        {
            Add(path, message);
        }
    }

    /// <inheritdoc cref="Unless(bool, string, string)"/>
    public void Unless(bool met, string path, [InterpolatedStringHandlerArgument(nameof(met))] FaultText message)
    {
        if (!met)
        {
            Add(path, message.ToString());
        }
    }

    public void InRange<T>(T value, T min, T max, string path)
        where T : INumber<T> =>
        Unless(value >= min && value <= max, path, $"must be {min} to {max}, was {value}");

    public void Between(TimeSpan value, TimeSpan min, TimeSpan max, string path) =>
        Unless(value >= min && value <= max, path, $"must be {min} to {max}, was {value}");

    public void AtLeast<T>(T value, T min, string path)
        where T : INumber<T> =>
        Unless(value >= min && T.IsFinite(value), path, $"must be at least {min}, was {value}");

    public void Positive(double value, string path) =>
        Unless(value > 0 && double.IsFinite(value), path, $"must be greater than 0, was {value}");

    /// <summary>From 0, which it may be, to 1, which it may not.</summary>
    public void Fraction(double value, string path) => Unless(value is >= 0 and < 1, path, $"must be at least 0 and less than 1, was {value}");

    public void Span(Range<double> range, double above, double max, string path) => Unless(
        range.Min > above && range.Min <= range.Max && range.Max <= max,
        path,
        $"must have {above} < min <= max <= {max}, was {range.Min} to {range.Max}");
}
