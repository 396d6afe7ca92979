using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

/// <summary>What ingest does in few bytes and few looks, compared with the plain way to do it, on random small cases.</summary>
public sealed class PlainWayTests
{
    private const int Trials = 200;

    [Fact]
    public void Files_are_found_where_a_look_at_all_of_them_finds_them()
    {
        var random = new Random(1);
        for (var trial = 0; trial < Trials; trial++)
        {
            string[] names = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => Name(random)).Distinct()];
            random.Shuffle(names);
            var listing = new FileListing(names.Select(name => new FrameSource(name, 0, 0, 1, 1, FrameEncoding.Stored, 0)), _ => []);
            string[] kept = [.. names.Where(name => !name.StartsWith("__MACOSX/", StringComparison.Ordinal) && name.Split('/')[^1] is not (".DS_Store" or "Thumbs.db" or "desktop.ini")).Order(StringComparer.Ordinal)];

            Assert.Equal(kept, listing.Files.Select(file => file.Name));

            // In order, as lists name them, and in none.
            foreach (var name in kept.Concat(names).Append("absent").Append(""))
            {
                Assert.Equal(Array.IndexOf(kept, name), listing.IndexOf(name));
            }
        }
    }

    [Fact]
    public void Tracklets_have_the_frames_that_they_were_added_with()
    {
        var random = new Random(2);
        for (var trial = 0; trial < Trials; trial++)
        {
            var draft = new ManifestDraft(new FileListing(Enumerable.Range(0, 12).Select(i => new FrameSource($"{i:D2}", 0, i, 1, 1, FrameEncoding.Stored, 0)), _ => []));
            var added = new List<(string? Identity, Camera Camera, int[] Frames, int? Time)>();
            for (var i = random.Next(1, 20); i > 0; i--)
            {
                // Few, so that many are shared, wholly, in part or shifted.
                var first = random.Next(12);
                int[] frames = random.Next(3) > 0 ? [.. Enumerable.Range(first, random.Next(1, 13 - first))] : [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(12))];
                added.Add((random.Next(4) == 0 ? null : $"{random.Next(-2, 12)}", new Camera($"{random.Next(3)}", (Modality)random.Next(2)), frames, random.Next(2) == 0 ? null : random.Next(9)));
                draft.Add(Split.Gallery, added[^1].Identity, added[^1].Camera, frames, added[^1].Time);
            }

            var (identities, cameras, tracklets) = draft.Tables();

            Assert.Equal(added.Select(one => one.Identity).OfType<string>().Distinct().OrderBy(name => int.Parse(name, CultureInfo.InvariantCulture)), identities);
            Assert.Equal(added.Select(one => one.Camera).Distinct().OrderBy(camera => camera.Name, StringComparer.Ordinal).ThenBy(camera => camera.Modality), cameras);
            foreach (var (one, tracklet) in added.Zip(tracklets))
            {
                Assert.Equal(one.Frames, Enumerable.Range(tracklet.FirstFrame, tracklet.FrameCount).Select(place => draft.Frames[place]));
                Assert.Equal((one.Identity, one.Camera, one.Time), (tracklet.IsDistractor ? null : identities[tracklet.Identity], cameras[tracklet.Camera], tracklet.Time));
            }
        }
    }

    [Fact]
    public void The_hash_is_that_of_the_whole_text()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 30; trial++)
        {
            string[] names = [.. Enumerable.Range(0, random.Next(1, 600)).Select(i => $"{i}{new string("aä€\U0001F600"[random.Next(3)], random.Next(100))}")];
            names[0] += trial % 3 == 0 ? new string('x', 40_000) : "\ud800";
            Camera[] cameras = [new("1"), new("ü", Modality.Infrared)];
            FrameSource[] frames = [.. names.Select(name => new FrameSource(name, 0, 0, 1, random.Next(), FrameEncoding.Stored, (uint)random.Next()))];
            Tracklet[] tracklets = [.. frames.Select((_, i) => new Tracklet((Split)random.Next(5), random.Next(-1, 9), random.Next(2), random.Next(i + 1), 1) { Time = random.Next(2) == 0 ? null : i })];
            var text = new StringBuilder("manifest 1\n");
            text.Append(string.Concat(names.Select(name => $"identity {name}\n")));
            text.Append(string.Concat(cameras.Select(camera => $"camera {camera.Modality} {camera.Name}\n")));
            text.Append(string.Concat(tracklets.Select(one => $"tracklet {one.Split} {one.Identity} {one.Camera} {one.FrameCount}{(one.Time is { } time ? $" at {time}" : "")}\n")));
            text.Append(string.Concat(tracklets.Select(one => frames[one.FirstFrame]).Select(frame => $"frame {frame.Length} {frame.Crc32:x8} {frame.Name}\n")));

            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))), ManifestHash.Of(names, cameras, frames, tracklets, []));
        }
    }

    [Fact]
    public void Contents_in_several_splits_are_those_that_a_table_of_all_finds()
    {
        var random = new Random(4);
        for (var trial = 0; trial < Trials; trial++)
        {
            FrameSource[] frames = [.. Enumerable.Range(0, random.Next(1, 30)).Select(i => new FrameSource($"{i}", 0, 0, 1, random.Next(3), FrameEncoding.Stored, (uint)random.Next(6)))];
            Tracklet[] tracklets = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(frames.Length)).Select(first => new Tracklet((Split)random.Next(5), 0, 0, first, random.Next(1, frames.Length - first + 1)))];
            var all = tracklets.SelectMany(one => Enumerable.Range(one.FirstFrame, one.FrameCount).Select(place => (Content: (frames[place].Length, frames[place].Crc32), one.Split))).ToLookup(seen => seen.Content, seen => seen.Split);

            Assert.Equal(all.Where(splits => splits.Distinct().Count() > 1).Select(splits => splits.Key).Order(), DuplicateFrames.SeenInSeveral(frames, tracklets).Order());
        }
    }

    [Fact]
    public void Entries_that_share_bytes_are_found_whatever_the_order_of_the_directory()
    {
        var parts = Enumerable.Range(0, 40).Select(i => new ZipPart($"{i:D2}.jpg", new byte[50 + i])).ToArray();
        var zip = HandmadeZip.Write(parts);
        var offsets = ArchiveIndex.Read(new MemoryStream(zip), "a.zip").Entries.Select(entry => (uint)entry.Offset).ToArray();

        // The same bytes, listed backwards; then two of them that lie far apart in the list claim the same.
        ZipPart[] backwards = [.. Enumerable.Range(0, 40).Reverse().Select(i => parts[i] with { Offset = offsets[i] })];
        Assert.Equal(40, ArchiveIndex.Read(new MemoryStream(HandmadeZip.Write(backwards)), "a.zip").Entries.Count);
        backwards[35] = backwards[35] with { Offset = offsets[20] + 1 };
        Assert.Contains("entries '20.jpg' and '04.jpg' share bytes", Assert.Throws<ArchiveException>(() => ArchiveIndex.Read(new MemoryStream(HandmadeZip.Write(backwards)), "a.zip")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_arrive_in_the_order_of_their_archive_whatever_lies_between_them()
    {
        var random = new Random(5);
        var parts = Enumerable.Range(0, 60).Select(i => new ZipPart($"{i:D2}.png", [.. UploadFiles.Bmp(32, 64, i), .. new byte[random.Next(300_000)]])).ToArray();
        var zip = HandmadeZip.Write(parts);
        FrameSource[] frames = [.. ArchiveIndex.Read(new MemoryStream(zip), "a.zip").Entries.Select(entry => entry.In(0)).Where(_ => random.Next(3) > 0)];
        var seen = new List<(string, byte[])>();

        new ArchiveReading(new MemoryStream(zip), frames, (file, bytes, _) => seen.Add((file.Name, bytes!))).Run(CancellationToken.None);

        Assert.Equal(frames.Select(frame => frame.Name), seen.Select(one => one.Item1));
        Assert.All(seen, one => Assert.Equal(parts.Single(part => part.Name == one.Item1).Content, one.Item2));
    }

    [Fact]
    public void What_fails_while_the_next_piece_is_fetched_is_thrown_when_nobody_reads_any_more()
    {
        var parts = Enumerable.Range(0, 3).Select(i => new ZipPart($"{i}.png", new byte[3 << 20])).ToArray();
        var zip = HandmadeZip.Write(parts);
        FrameSource[] frames = [.. ArchiveIndex.Read(new MemoryStream(zip), "a.zip").Entries.Select(entry => entry.In(0))];
        using var broken = new CountedReads(new MemoryStream(zip[..(4 << 20)]));
        var heard = 0;

        var receiving = Assert.Throws<FormatException>(() => new ArchiveReading(new MemoryStream(zip), frames, (_, _, _) => throw new FormatException("heard")).Run(CancellationToken.None));
        var reading = Assert.Throws<InvalidOperationException>(() => new ArchiveReading(broken, frames, (_, _, _) => heard++).Run(CancellationToken.None));

        Assert.Equal(("heard", 2), (receiving.Message, heard));
        Assert.Contains("is looked for", reading.Message, StringComparison.Ordinal);
    }

    private static string Name(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => new[] { "a/", "b/", "__MACOSX/", "ab/" }[random.Next(4)])) + new[] { "a", "b", ".DS_Store", "x.DS_Store", "Thumbs.db", "desktop.ini", "ä" }[random.Next(7)];
}
