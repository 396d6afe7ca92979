using System.Collections;
using System.Text;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Specs;

/// <summary>Bodies of a mebibyte, the most that is read, made to cost more than they weigh.</summary>
public sealed class HostileJsonTests
{
    private const int Body = 1 << 20;
    private const long Leave = 64L << 20;
    private const string Start = """{ "kind": "train", "dataset": "mars", "model": { "backbone": "resnet18" }, "method": { "kind": "supervised" }""";

    public static TheoryData<string, string, string> Bodies()
    {
        static string Many(Func<int, string> one) => string.Join(',', Enumerable.Range(0, 60_000).Select(one));
        return new TheoryData<string, string, string>
        {
            { "unknown names", $"{Start},{Many(i => $"\"a{i}\":0")}}}", "is unknown here" },
            { "one name very often", $"{Start},{Many(_ => "\"a\":0")}}}", "stands here twice" },
            { "a very long name", $"{Start},\"{new string('k', Body - 300)}\":0}}", "is unknown here" },
            { "a very long value", $$"""{ "kind": "train", "dataset": "{{new string('d', Body - 300)}}", "model": 1, "method": 2 }""", "must be an object, was 1" },
            { "a very long kind", $$"""{ "kind": "{{new string('d', Body - 300)}}" }""", "must be one of" },
            { "a very long number", $"{Start},\"epochs\":{new string('9', Body - 300)}}}", "must be a whole number" },
            { "a number beyond all", $"{Start},\"epochs\":1e999}}", "must be a whole number" },
            { "lists in lists", new string('[', Body), "is not JSON" },
            { "objects in objects", string.Concat(Enumerable.Repeat("{\"a\":", Body / 5)), "is not JSON" },
            { "empty lists", $"{Start},\"input\":[{Many(_ => "[]")}]}}", "must be an object, was a list" },
            { "many wrong losses", $$"""{ "kind": "train", "dataset": "mars", "model": { "backbone": "resnet18" }, "method": { "kind": "supervised", "losses": [{{Many(_ => "{}")}}] } }""", "is missing" },
            { "half a character", Start + ",\"epochs\":\"\\ud800\"}", "half a Unicode character" },
            { "a name of half a character", Start + ",\"\\udc00\":1}", "half a Unicode character" },
        };
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Costs_no_more_than_it_is_given_leave_to(string why, string json, string message)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        Assert.InRange(utf8.Length, 1, Body);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fault = Assert.Throws<SpecException>(() => ReidJson.Read<RunSpec>(utf8));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Leave);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Short(fault);
        Assert.NotEmpty(why);
    }

    [Fact]
    public void Rules_quote_what_was_asked_short_and_printable()
    {
        var spec = ReidJson.Read<RunSpec>(Encoding.UTF8.GetBytes(Start + "}"));

        Short(Assert.Throws<SpecException>(() => SpecRules.Require(spec with { Dataset = $"\u001b[2J\u202e{new string('d', Body)}" })));
    }

    /// <summary>Each element looked up among all before it would take minutes.</summary>
    [Fact]
    public void Long_lists_are_gone_through_a_few_times()
    {
        var frames = new CountedList(200_000);
        var spec = new EvaluateSpec("mars", new CheckpointRef("0123456789abcdef0123")) { GalleryFrames = frames };

        Short(Assert.Throws<SpecException>(() => SpecRules.Require(spec)));

        Assert.InRange(frames.Given, frames.Count, 4L * frames.Count);
    }

    [Fact]
    public void Numbers_beyond_all_are_in_no_range()
    {
        foreach (var place in new[] { """ "optimizer": { "kind": "adam", "learningRate": 1e999 } """, """ "augmentation": { "erasingArea": { "min": 0.1, "max": 1e400 } } """ })
        {
            var spec = ReidJson.Read<RunSpec>(Encoding.UTF8.GetBytes($"{Start},{place}}}"));

            Assert.NotEmpty(SpecRules.Check(spec));
        }
    }

    private static void Short(SpecException fault)
    {
        Assert.InRange(fault.Errors.Count, 1, SpecException.MostErrors);
        Assert.InRange(fault.Message.Length, 10, 120_000);
        Assert.All(fault.Errors, error => Assert.InRange(error.Path.Length + error.Message.Length, 10, 4400));
        Assert.DoesNotContain(fault.Message.ReplaceLineEndings(""), letter => char.IsControl(letter) || letter == '\u202e');
    }

    private sealed class CountedList(int count) : IReadOnlyList<int>
    {
        public long Given { get; private set; }

        public int Count => count;

        public int this[int index]
        {
            get
            {
                Given++;
                return index + 1;
            }
        }

        public IEnumerator<int> GetEnumerator()
        {
            for (var i = 0; i < count; i++)
            {
                yield return this[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
