using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Standins;

[Collection(AloneCollection.Name)]
public sealed class GeneratorTests : TorchTest
{
    [Fact]
    public void The_default_stream_follows_its_seed()
    {
        manual_seed(42);
        var first = Floats(rand(5));
        var second = Floats(randn(5));
        manual_seed(42);
        Assert.Equal(first, Floats(rand(5)));
        Assert.Equal(second, Floats(randn(5)));
        Assert.Equal(42, initial_seed());
    }

    [Fact]
    public void A_stream_continues_from_a_saved_state()
    {
        using var generator = new Generator(7);
        _ = rand(3, generator: generator);
        var state = generator.get_state().to(uint8, copy: true);
        var expected = Floats(randn(20, generator: generator));

        using var other = new Generator(1);
        other.set_state(state);
        Assert.Equal(expected, Floats(randn(20, generator: other)));

        manual_seed(3);
        var saved = get_rng_state();
        var drawn = Longs(randint(0, 100, new long[] { 8 }));
        set_rng_state(saved);
        Assert.Equal(drawn, Longs(randint(0, 100, new long[] { 8 })));
    }

    [Fact]
    public void Own_generators_leave_the_default_one_alone()
    {
        manual_seed(5);
        var expected = Floats(rand(4));
        manual_seed(5);
        using var own = new Generator(5);
        Assert.Equal(expected, Floats(rand(4, generator: own)));
        Assert.Equal(expected, Floats(rand(4)));
        Assert.Equal(expected, Floats(rand(4, generator: own.manual_seed(5))));
    }

    [Fact]
    public void Numbers_of_a_known_seed_are_those_of_PyTorch()
    {
        using var generator = new Generator(0);
        Close([0.4962565899, 0.7682217956, 0.0884774327], rand(3, generator: generator), 1e-9);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), Longs(randperm(50, generator: generator)).Order());
    }

    [Fact]
    public void In_place_draws_take_a_generator_too()
    {
        using var one = new Generator(9);
        using var two = new Generator(9);
        Assert.Equal(Floats(zeros(6).normal_(1, 2, one)), Floats(zeros(6).normal_(1, 2, two)));
        Assert.Equal(Floats(zeros(6).uniform_(-1, 1, one)), Floats(zeros(6).uniform_(-1, 1, two)));
        Assert.Equal(Floats((ones(6) / 2).bernoulli(one)), Floats((ones(6) / 2).bernoulli(two)));
    }
}
