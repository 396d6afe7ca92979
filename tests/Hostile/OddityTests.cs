namespace ReidCloud.Tests.Hostile;

public sealed class OddityTests
{
    public static TheoryData<string> Names => [.. OddityCorpus.All.Select(oddity => oddity.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_read_or_refused_as_it_must_be_within_its_leave(string name)
    {
        var oddity = OddityCorpus.All.Single(oddity => oddity.ToString() == name);

        var fault = HostileParsers.All.Single(parser => parser.Name == oddity.Parser).Fault(oddity.Bytes);

        if (oddity.Fault is null)
        {
            Assert.Null(fault);
        }
        else if (oddity.Fault.Length > 0)
        {
            Assert.Contains(oddity.Fault, fault, StringComparison.Ordinal);
        }
    }
}
