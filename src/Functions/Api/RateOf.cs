namespace ReidCloud.Functions.Api;

/// <summary>Whose rate a request uses up.</summary>
internal enum RateOf
{
    /// <summary>That of who sent it: a key where the host has verified it, else an address.</summary>
    Caller,

    /// <summary>One that all share who ask for what takes no key: nothing that tells them apart could not be made up.</summary>
    Anyone,

    /// <summary>One of its address for requests that are not let in, so that a page of another site or a guesser of keys uses up nobody else's.</summary>
    Refused,
}
