namespace ReidCloud.Datasets;

/// <summary>A name in a list of which nothing can be shown, because what is stored under it is damaged. The others are shown all the same.</summary>
/// <param name="Fault">Which blob, and what is wrong with it.</param>
public sealed record DamagedName(string Name, string Fault);
