using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Hostile;

/// <summary>Inputs that properties are tried with: always the same ones, and made small where one fails.</summary>
internal static class HostileInputs
{
    private const ulong Seed = 20261121;
    private const int Longest = 400;

    /// <summary>Bytes of any kind; the beginning of something good and then bytes; good inputs one after the other or into each other; words of the format in any order.</summary>
    public static Gen<byte[]> Of(HostileParser parser)
    {
        var good = Gen.Elements(parser.Good.ToArray());
        var bytes = Gen.OneOf(
            Gen.Choose(0, 255).Select(value => (byte)value), Gen.Elements<byte>(0, 1, 0x7F, 0x80, 0xFE, 0xFF)).ArrayOf();
        var begun =
            from whole in good
            from length in Gen.Choose(0, Math.Max(0, whole.Length))
            from rest in bytes
            select (byte[])[.. whole[..length], .. rest];
        var joined =
            from first in good
            from second in good
            from at in Gen.Choose(0, first.Length)
            from skip in Gen.Choose(0, second.Length)
            select (byte[])[.. first[..at], .. second[skip..]];
        var changed =
            from whole in good
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select Mutation.Of(whole, seed);
        var words = Gen.Elements(parser.Words.Count == 0 ? [[]] : parser.Words.ToArray()).ArrayOf().Select(all => all.SelectMany(word => word).ToArray());
        return Gen.OneOf(bytes, begun, joined, changed, words);
    }

    /// <summary>Tries so many; a failure is shown with the smallest input that was found.</summary>
    public static void Check<T>(int cases, Gen<T> inputs, Action<T> property, Func<T, IEnumerable<T>>? smaller = null) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(cases).WithEndSize(Longest).WithQuietOnSuccess(true)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(Seed), FSharpOption<int>.None))),
        Prop.ForAll(smaller is null ? Arb.From(inputs) : Arb.From(inputs, smaller), property));

    /// <summary>Without one half, and without each of eight pieces.</summary>
    public static IEnumerable<byte[]> Smaller(byte[] input)
    {
        for (var pieces = 2; pieces <= 8 && input.Length >= pieces; pieces *= 2)
        {
            for (var piece = 0; piece < pieces; piece++)
            {
                yield return [.. input[..(input.Length * piece / pieces)], .. input[(input.Length * (piece + 1) / pieces)..]];
            }
        }
    }
}
