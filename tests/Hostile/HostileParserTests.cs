using System.Text;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Hostile;

/// <summary>Every parser of what strangers send, by properties, by seeded changes and by cuts.</summary>
public sealed class HostileParserTests
{
    public static TheoryData<string> Names => [.. HostileParsers.All.Select(parser => parser.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_good_is_read(string name) => Assert.All(Parser(name).Good, good => Assert.True(Parser(name).Reads(good)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_bytes_are_read_or_refused_within_its_leave(string name)
    {
        var parser = Parser(name);
        WarmUp(parser);

        HostileInputs.Check(parser.Cases, HostileInputs.Of(parser), input => _ = parser.Reads(input), HostileInputs.Smaller);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_is_changed_it_is_read_or_refused_within_its_leave(string name)
    {
        var parser = Parser(name);
        WarmUp(parser);
        var refused = parser.Good.Sum(good => Enumerable.Range(0, parser.Mutations).Count(seed => !parser.Reads(Mutation.Of(good, seed))));

        // Changes are seen: what is read whatever is done to it is not read.
        Assert.InRange(refused, parser.Mutations / 50, parser.Mutations * parser.Good.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_it_ends_in_it_is_read_or_refused_within_its_leave(string name)
    {
        var parser = Parser(name);
        WarmUp(parser);
        var refused = parser.Good.Sum(good => Cuts(parser, good).Count(length => !parser.Reads(good[..length])));

        Assert.InRange(refused, 1, int.MaxValue);
    }

    /// <summary>`cat tests/Hostile/HostileInputs.approved.txt` says it.</summary>
    [Fact]
    public void So_many_inputs_each_parser_gets()
    {
        var table = new StringBuilder($"{"parser",-24}{"good",6}{"properties",12}{"changed",9}{"cut",7}{"corpus",8}\n");
        var total = (Good: 0, Cases: 0, Changed: 0, Cuts: 0, Corpus: 0);
        foreach (var parser in HostileParsers.All)
        {
            var (changed, cuts) = (parser.Mutations * parser.Good.Count, parser.Good.Sum(good => Cuts(parser, good).Count()));
            var corpus = OddityCorpus.All.Count(oddity => oddity.Parser == parser.Name) + (parser.Name == HostileParsers.PytorchZip ? HostileWeightsTests.Names.Count : 0);
            table.Append($"{parser.Name,-24}{parser.Good.Count,6}{parser.Cases,12}{changed,9}{cuts,7}{corpus,8}\n");
            total = (total.Good + parser.Good.Count, total.Cases + parser.Cases, total.Changed + changed, total.Cuts + cuts, total.Corpus + corpus);
        }

        table.Append($"{"all",-24}{total.Good,6}{total.Cases,12}{total.Changed,9}{total.Cuts,7}{total.Corpus,8}\n");
        Approved.Matches(nameof(HostileInputs), table.ToString());
    }

    private static HostileParser Parser(string name) => HostileParsers.All.Single(parser => parser.Name == name);

    private static IEnumerable<int> Cuts(HostileParser parser, byte[] good)
    {
        var step = (good.Length + parser.MostCuts - 1) / parser.MostCuts;
        return Enumerable.Range(0, good.Length).Where(length => length % Math.Max(1, step) == 0 || length > good.Length - 64);
    }

    /// <summary>What is made once in a process is not what an input costs.</summary>
    private static void WarmUp(HostileParser parser)
    {
        foreach (var good in parser.Good)
        {
            _ = Record.Exception(() => parser.Parse(new MemoryStream(good)));
            _ = Record.Exception(() => parser.Parse(new MemoryStream(good[..(good.Length / 2)])));
        }
    }
}
