namespace ReidCloud.Runs;

/// <summary>An address that whoever has it can use as it says, until it expires.</summary>
public sealed record SignedAddress(Uri Url, DateTimeOffset ExpiresAt);
