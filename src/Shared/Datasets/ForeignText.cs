namespace ReidCloud.Datasets;

/// <summary>
/// What strangers wrote (names of files, identities, values) on its way into a message: short, on one line, and without what moves a terminal's cursor or
/// turns the reading direction ("Trojan Source", Boucher and Anderson 2021).
/// </summary>
public static class ForeignText
{
    public const int Longest = 300;

    /// <summary>As it is to be shown.</summary>
    public static string Shown(string text, int longest = Longest) => Printable(Short(text, longest));

    public static string Printable(string text) =>
        FaultOf(text) is null ? text : string.Concat(text.Select((letter, place) => FaultOf(letter) is null && !IsHalf(text, place) ? letter : '?'));

    /// <summary>Cut, but not inside a character.</summary>
    public static string Short(string text, int longest) => text.Length <= longest ? text
        : $"{text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)]}…";

    /// <summary>The rest of a sentence that begins with "has": why a name cannot be repeated as it is, or null.</summary>
    public static string? FaultOf(string text)
    {
        for (var place = 0; place < text.Length; place++)
        {
            if ((FaultOf(text[place]) ?? (IsHalf(text, place) ? "half a character" : null)) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? FaultOf(char letter) => letter switch
    {
        _ when char.IsControl(letter) => "a control character",
        '\u2028' or '\u2029' => "a character that breaks lines",
        '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => "a character that turns the reading direction",
        _ => null,
    };

    private static bool IsHalf(string text, int place) => char.IsHighSurrogate(text[place])
        ? place + 1 == text.Length || !char.IsLowSurrogate(text[place + 1])
        : char.IsLowSurrogate(text[place]) && (place == 0 || !char.IsHighSurrogate(text[place - 1]));
}
