namespace ReidCloud.Cli.Offline;

/// <summary>N embeddings of D numbers, row by row, and what each is of.</summary>
internal sealed record NamedEmbeddings(IReadOnlyList<string> Names, int Dimensions, float[] Values_ND)
{
    /// <exception cref="InvalidDataException">They are not one row of numbers for each name.</exception>
    public NamedEmbeddings Checked(string file)
    {
        if (Names.Count == 0 || Dimensions == 0 || Values_ND.Length != Names.Count * Dimensions)
        {
            throw new InvalidDataException($"'{file}' has {Values_ND.Length} numbers for {Names.Count} names of {Dimensions} numbers each");
        }

        var broken = Array.FindIndex(Values_ND, value => !float.IsFinite(value));
        return broken < 0 ? this : throw new InvalidDataException($"'{file}' has a number that is none, in the embedding of '{Names[broken / Dimensions]}'");
    }

    /// <summary>Some of the rows.</summary>
    public NamedEmbeddings Only(IReadOnlyList<int> rows) => new(
        [.. rows.Select(row => Names[row])], Dimensions, [.. rows.SelectMany(row => new ArraySegment<float>(Values_ND, row * Dimensions, Dimensions))]);
}
