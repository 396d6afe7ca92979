namespace ReidCloud.Pickles;

/// <summary>
/// What a kind of pickle may hold beside plain values: a closed list of names, and what calling each gives. There is nothing behind a name but an arm of a switch of ours.
/// </summary>
internal abstract class PickleObjects
{
    /// <summary>Longer texts and bytes are refused.</summary>
    public virtual int LongestText => PickleLimits.TextLength;

    /// <summary>Strings of Python 2 may be any bytes, each then a character; otherwise they must be UTF-8.</summary>
    public virtual bool HasPlainBytes => false;

    /// <summary>The exception for a file that is refused: what is wrong, with its place; the kind adds the remedy.</summary>
    public abstract Exception Fault(string message);

    /// <summary>A name, if it is on the list; otherwise a fault.</summary>
    public abstract PickleName Name(string name, string place);

    /// <summary>What Python would get by calling that name with these arguments.</summary>
    public abstract object? Call(string name, object?[] arguments, string place);

    /// <summary>An object without a constructor's work.</summary>
    public abstract object New(string name, object?[] arguments, string place);

    /// <summary>What a persistent identity stands for.</summary>
    public abstract object Persistent(object? identity, string place);

    /// <summary>Gives an object its attributes. False: it has none, or not these.</summary>
    public abstract bool Build(object? target, object? state);
}
