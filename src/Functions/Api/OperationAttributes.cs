namespace ReidCloud.Functions.Api;

/// <summary>What the operation does, in one sentence, for the API's description.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SummaryAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}

/// <summary>The type of the JSON body it takes.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AcceptsAttribute(Type body) : Attribute
{
    public Type Body { get; } = body;

    public bool Optional { get; init; }
}

/// <summary>One of its answers: status, the type of its JSON body if it has one, and when it is given.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class AnswersAttribute(int status, Type? body, string when) : Attribute
{
    public int Status { get; } = status;
    public Type? Body { get; } = body;
    public string When { get; } = when;

    /// <summary>The body is there in every <see cref="ReportForm"/>.</summary>
    public bool AllForms { get; init; }

    /// <summary>The media type of a body that is no JSON.</summary>
    public string? Type { get; init; }

    /// <summary>It names the resource's address in the Location header.</summary>
    public bool Location { get; init; }
}

/// <summary>One of its query parameters, all of which are optional.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class QueryAttribute(string name, Type type, string meaning) : Attribute
{
    public string Name { get; } = name;
    public Type Type { get; } = type;
    public string Meaning { get; } = meaning;
}
