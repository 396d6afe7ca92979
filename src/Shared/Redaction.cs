using System.Text.RegularExpressions;

namespace ReidCloud;

/// <summary>
/// Takes secrets out of text that people and logs will see: values that connection strings, signed addresses and requests name as such, names and passwords
/// in addresses, and what looks like an account's key by itself. Exceptions quote what they were given, and no one knows all that throw them.
/// </summary>
public static partial class Redaction
{
    public const string Hidden = "REDACTED";

    public static string Of(string text) => BareKey().Replace(UserInfo().Replace(Named().Replace(text, $"$1{Hidden}"), $"$1{Hidden}@"), Hidden);

    /// <summary>Null stays null.</summary>
    public static string? OfOptional(string? text) => text is null ? null : Of(text);

    /// <summary>As they are, in JSON, where characters and quotes are escaped, and in addresses within addresses.</summary>
    [GeneratedRegex(
        """
        (
          (?<![a-z0-9]) (?: AccountKey | SharedAccessKey | SharedAccessSignature | x-functions-key | password | pwd | client_secret | access_token )
            (?:\\*["'])? \s*[=:]\s* \[? (?:\\*["'])?
        | (?: (?<![a-z0-9]) | \\u0026 | %26 | %3F ) sig (?: = | %3D )
        | (?: [?&] | &amp; | \\u0026 | %26 | %3F ) code (?: = | %3D )
        | (?<![a-z0-9]) Authorization (?:\\*["'])? \s*[=:]\s* \[? (?:\\*["'])? (?: Basic | Bearer ) \s+
        | (?<![a-z0-9]) Bearer \s+ (?= [a-z0-9._~+/=-]{16} )
        | (?<![a-z0-9]) SharedKey (?:Lite)? \s+ [^\s:]+ :
        )
        (?: [^\s;&"'<>\\] | \\ (?! ["'] | u00 (?: 2[267] | 3[ce] ) ) )+
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Named();

    [GeneratedRegex(@"(\w://)[^\s/@]+@")]
    private static partial Regex UserInfo();

    /// <summary>32 bytes or more in Base64 with its padding.</summary>
    [GeneratedRegex(@"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]|\\u002[Bb]|%2[BbFf]){42,}(?:=|%3[Dd]){1,2}")]
    private static partial Regex BareKey();
}
