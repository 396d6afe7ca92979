using System.Text.Json;

namespace ReidCloud.Datasets;

/// <summary>Tokens of a JSON text of any length, with a small part of it in memory. What is asked for must come next; anything else is a fault with its path.</summary>
internal ref struct JsonStream
{
    private const int LongestToken = 1 << 20;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[1 << 16];
    private int _length;
    private bool _isLast;
    private Utf8JsonReader _reader;

    public JsonStream(Stream stream)
    {
        _stream = stream;
        _reader = new Utf8JsonReader([], isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 8 }));
    }

    public string Path { get; private set; } = "$";

    /// <summary>The next token, whatever it is; for lists: is it still a value?</summary>
    public bool NextInList()
    {
        Advance();
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    public void Expect(JsonTokenType token)
    {
        Advance();
        Require(token);
    }

    /// <summary>The next member of an object, by its name: the order is part of the format.</summary>
    public void Member(string name, string path)
    {
        Path = path;
        Advance();
        if (_reader.TokenType != JsonTokenType.PropertyName || !_reader.ValueTextEquals(name))
        {
            throw Fault($"'{name}' must come next");
        }
    }

    public string ReadString()
    {
        Advance();
        return CurrentString();
    }

    public long ReadInt64(long least, long most)
    {
        Advance();
        return CurrentInt64(least, most);
    }

    public string CurrentString()
    {
        Require(JsonTokenType.String);
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw Fault("is not valid text", exception);
        }
    }

    public long CurrentInt64(long least, long most)
    {
        Require(JsonTokenType.Number);
        return _reader.TryGetInt64(out var value) && value >= least && value <= most
            ? value
            : throw Fault($"must be a whole number from {least} to {most}");
    }

    public void Require(JsonTokenType token)
    {
        if (_reader.TokenType != token)
        {
            throw Fault($"must be {token}, is {_reader.TokenType}");
        }
    }

    /// <summary>Nothing but white space may follow.</summary>
    public void ExpectEnd()
    {
        Path = "$";
        try
        {
            while (!_reader.Read())
            {
                if (_isLast)
                {
                    return;
                }

                Refill();
            }
        }
        catch (JsonException exception)
        {
            throw Fault("is followed by something else", exception);
        }

        throw Fault("is followed by something else");
    }

    public readonly ManifestFormatException Fault(string problem, Exception? inner = null) => new(Path, problem, inner);

    private void Advance()
    {
        try
        {
            while (!_reader.Read())
            {
                if (_isLast)
                {
                    throw Fault("the text ends here");
                }

                Refill();
            }
        }
        catch (JsonException exception)
        {
            throw Fault("is not JSON", exception);
        }
    }

    private void Refill()
    {
        var consumed = (int)_reader.BytesConsumed;
        var left = _length - consumed;
        var next = _buffer;
        if (left == _buffer.Length)
        {
            next = left < LongestToken ? new byte[_buffer.Length * 2] : throw Fault("is too long");
        }

        _buffer.AsSpan(consumed, left).CopyTo(next);
        _buffer = next;
        var got = _stream.ReadAtLeast(_buffer.AsSpan(left), _buffer.Length - left, throwOnEndOfStream: false);
        _isLast = got < _buffer.Length - left;
        _length = left + got;
        _reader = new Utf8JsonReader(_buffer.AsSpan(0, _length), _isLast, _reader.CurrentState);
    }
}
