using System.Net;
using System.Text;
using ReidCloud.Cli;
using ReidCloud.Cli.Api;

namespace ReidCloud.Tests.Cli.Api;

public sealed class BlobUploadTests
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("0123456789");

    [Fact]
    public async Task Sends_blocks_and_then_their_list_in_order()
    {
        using var storage = new Storage(_ => HttpStatusCode.Created);
        var heard = new List<long>();

        var total = await storage.Upload(4).SendAsync(new MemoryStream(Content), heard.Add, CancellationToken.None);

        Assert.Equal(10, total);
        Assert.Equal([4, 8, 10], heard);
        Assert.Equal(["0123", "4567", "89"], storage.Bodies[..3]);
        Assert.Equal(
            [.. storage.BlockIds],
            storage.Bodies[3].Split("<Latest>").Skip(1).Select(part => part[..part.IndexOf('<', StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task Sends_an_empty_blob_as_an_empty_list()
    {
        using var storage = new Storage(_ => HttpStatusCode.Created);

        Assert.Equal(0, await storage.Upload(4).SendAsync(new MemoryStream(), _ => { }, CancellationToken.None));
        Assert.EndsWith("<BlockList></BlockList>", Assert.Single(storage.Bodies));
    }

    [Fact]
    public async Task Asks_for_a_new_address_when_the_old_one_has_expired()
    {
        using var storage = new Storage(number => number == 2 ? HttpStatusCode.Forbidden : HttpStatusCode.Created);

        await storage.Upload(4).SendAsync(new MemoryStream(Content), _ => { }, CancellationToken.None);

        Assert.Equal(["offer=1", "offer=1", "offer=2", "offer=2", "offer=2"], storage.Offers);
        Assert.Equal(["0123", "4567", "4567", "89"], storage.Bodies[..4].Order());
    }

    [Fact]
    public async Task Gives_up_at_once_when_the_request_itself_is_refused()
    {
        using var storage = new Storage(_ => HttpStatusCode.BadRequest);

        var complaint = await Assert.ThrowsAsync<CommandException>(
            () => storage.Upload(4).SendAsync(new MemoryStream(Content), _ => { }, CancellationToken.None));

        Assert.Contains("400", complaint.Message);
        Assert.Single(storage.Bodies);
    }

    [Fact]
    public async Task Sends_a_few_blocks_at_once_and_lists_them_in_their_order()
    {
        using var storage = new Storage(_ => HttpStatusCode.Created) { Delay = number => TimeSpan.FromMilliseconds(number % 3 * 15) };
        var heard = new List<long>();

        Assert.Equal(10, await storage.Upload(1).SendAsync(new MemoryStream(Content), heard.Add, CancellationToken.None));

        Assert.Equal(Enumerable.Range(1, 10).Select(sent => (long)sent), heard);
        Assert.Equal("0123456789", string.Concat(storage.Bodies[..10].Order()));
        Assert.Equal(
            storage.BlockIds.Order(StringComparer.Ordinal),
            storage.Bodies[10].Split("<Latest>").Skip(1).Select(part => part[..part.IndexOf('<', StringComparison.Ordinal)]));
        Assert.InRange(storage.MostAtOnce, 2, 4);
    }

    [Fact]
    public async Task A_block_that_is_refused_ends_the_others_too()
    {
        using var storage = new Storage(number => number == 2 ? HttpStatusCode.BadRequest : HttpStatusCode.Created) { Delay = number => TimeSpan.FromSeconds(number == 2 ? 0.05 : 60) };

        var complaint = await Assert.ThrowsAsync<CommandException>(() => storage.Upload(3).SendAsync(new MemoryStream(Content), _ => { }, CancellationToken.None));

        Assert.Contains("400", complaint.Message);
        Assert.DoesNotContain(storage.Bodies, body => body.Contains("BlockList", StringComparison.Ordinal));
    }

    /// <summary>A storage that fails on request: `answer` hears the request's number, from 1.</summary>
    private sealed class Storage(Func<int, HttpStatusCode> answer) : HttpMessageHandler
    {
        private int _offers;
        private int _atOnce;

        public Func<int, TimeSpan> Delay { get; init; } = _ => TimeSpan.Zero;
        public int MostAtOnce { get; private set; }

        public List<string> Bodies { get; } = [];
        public List<string> Offers { get; } = [];
        public List<string> BlockIds { get; } = [];

        public BlobUpload Upload(int blockLength) =>
            new(new HttpClient(this, disposeHandler: false), _ => Task.FromResult(new Uri($"http://storage/data/a%20b.zip?offer={++_offers}")))
            {
                BlockLength = blockLength,
            };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var query = request.RequestUri!.Query.TrimStart('?').Split('&').Select(Uri.UnescapeDataString).ToList();
            Offers.Add(query[0]);
            BlockIds.AddRange(query.Where(part => part.StartsWith("blockid=", StringComparison.Ordinal)).Select(part => part["blockid=".Length..]));
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            var number = Bodies.Count;
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce));
            if (Delay(number) is var delay && delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, cancellationToken);
            }

            Interlocked.Decrement(ref _atOnce);
            return new HttpResponseMessage(answer(number));
        }
    }
}
