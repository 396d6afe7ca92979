using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class AugmentationsTests
{
    private const int Trials = 3000;
    private static readonly InputSpec Input = new(Height: 24, Width: 16);

    [Theory]
    [InlineData(24, 16)]
    [InlineData(9, 5)]
    [InlineData(11, 37)]
    public void One_pass_equals_pad_crop_mirror_normalise_erase_one_after_the_other(int height, int width)
    {
        var input = new InputSpec(height, width);
        foreach (var padding in (int[])[0, 3, 10, 20])
        {
            var augmentations = new Augmentations(input, new AugmentationSpec(padding));
            for (var trial = 0; trial < 50; trial++)
            {
                var random = Seeding.Stream(1, "test", trial);
                var frame = RandomFrame(random, input);
                var drawn = augmentations.Draw(random);
                var actual = new float[frame.Length];

                augmentations.Apply(drawn, frame, actual);

                Assert.Equal(OneAfterTheOther(drawn, frame, padding, input), actual);
            }
        }
    }

    [Fact]
    public void Crops_reach_every_offset_and_half_of_the_frames_are_mirrored()
    {
        var drawn = Draw(new AugmentationSpec(Padding: 2));

        Assert.Equal(Enumerable.Range(0, 5), drawn.Select(one => one.Top).Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 5), drawn.Select(one => one.Left).Distinct().Order());
        Assert.InRange(drawn.Count(one => one.Mirror), 0.45 * Trials, 0.55 * Trials);
    }

    [Fact]
    public void Half_of_the_frames_lose_an_area_and_a_shape_within_their_ranges()
    {
        var spec = new AugmentationSpec();
        var large = new InputSpec(256, 128);
        var drawn = Enumerable.Range(0, Trials).Select(trial => new Augmentations(large, spec).Draw(Seeding.Stream(3, "test", trial)).Erased).ToList();
        var erased = drawn.Where(rectangle => rectangle != default).ToList();

        Assert.InRange(erased.Count, 0.45 * Trials, 0.55 * Trials);
        Assert.All(erased, rectangle =>
        {
            Assert.InRange(rectangle.Height * rectangle.Width / (256.0 * 128), 0.0195, 0.405);
            Assert.InRange(rectangle.Height / (double)rectangle.Width, 0.28, 3.5);
            Assert.InRange(rectangle.Height, 1, 255);
            Assert.InRange(rectangle.Width, 1, 127);
            Assert.InRange(rectangle.Top, 0, 256 - rectangle.Height);
            Assert.InRange(rectangle.Left, 0, 128 - rectangle.Width);
        });

        // The ratio is linear in [0.3, 3.3]: tall shapes are the rule, as they are not where it is log-uniform.
        Assert.True(erased.Count(rectangle => rectangle.Height > rectangle.Width) > 0.7 * erased.Count);
    }

    [Fact]
    public void A_rectangle_that_never_fits_leaves_the_frame_as_it_is()
    {
        var drawn = Draw(new AugmentationSpec(ErasingProbability: 1) { ErasingArea = new(4, 4), ErasingAspect = new(1, 1) });

        Assert.All(drawn, one => Assert.Equal(default, one.Erased));
    }

    [Fact]
    public void Nothing_happens_where_nothing_is_asked()
    {
        var augmentations = new Augmentations(Input, new AugmentationSpec(0, 0, 0));
        var frame = RandomFrame(Seeding.Stream(4, "test"), Input);
        var (actual, expected) = (new float[frame.Length], new float[frame.Length]);

        augmentations.Apply(augmentations.Draw(Seeding.Stream(5, "test")), frame, actual);
        new Normalization(Input).Apply(frame, expected);

        Assert.Equal(expected, actual);
    }

    private static List<Augmentation> Draw(AugmentationSpec spec) =>
        [.. Enumerable.Range(0, Trials).Select(trial => new Augmentations(Input, spec).Draw(Seeding.Stream(2, "test", trial)))];

    private static byte[] RandomFrame(RandomStream random, InputSpec input) =>
        [.. Enumerable.Range(0, 3 * input.Height * input.Width).Select(_ => (byte)random.NextInt(256))];

    private static float[] OneAfterTheOther(Augmentation drawn, byte[] frame, int padding, InputSpec input)
    {
        float[] means = [0.485f, 0.456f, 0.406f];
        float[] deviations = [0.229f, 0.224f, 0.225f];
        var (height, width) = (input.Height, input.Width);
        var result = new float[frame.Length];
        for (var channel = 0; channel < 3; channel++)
        {
            var padded = new byte[height + (2 * padding), width + (2 * padding)];
            for (var pixel = 0; pixel < height * width; pixel++)
            {
                padded[(pixel / width) + padding, (pixel % width) + padding] = frame[(pixel * 3) + channel];
            }

            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    var cropped = drawn.Mirror ? width - 1 - column : column;
                    var value = ((padded[row + drawn.Top, cropped + drawn.Left] / 255f) - means[channel]) / deviations[channel];
                    var (erased, inRows, inColumns) = (drawn.Erased, row - drawn.Erased.Top, column - drawn.Erased.Left);
                    var gone = inRows >= 0 && inRows < erased.Height && inColumns >= 0 && inColumns < erased.Width;
                    result[(((channel * height) + row) * width) + column] = gone ? 0 : value;
                }
            }
        }

        return result;
    }
}
