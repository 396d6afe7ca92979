using ReidCloud.Datasets;
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
    public void One_pass_equals_pad_crop_grey_mirror_normalise_erase_one_after_the_other(int height, int width)
    {
        var input = new InputSpec(height, width);
        foreach (var padding in (int[])[0, 3, 10, 20])
        {
            var augmentations = new Augmentations(input, new AugmentationSpec(padding) { GreyProbability = 0.5 });
            for (var trial = 0; trial < 50; trial++)
            {
                var random = Seeding.Stream(1, "test", trial);
                var frame = RandomFrame(random, input);
                var drawn = augmentations.Draw(random, Modality.Visible);
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
        var drawn = Enumerable.Range(0, Trials).Select(trial => new Augmentations(large, spec).Draw(Seeding.Stream(3, "test", trial), Modality.Visible).Erased).ToList();
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

    /// <summary>Spec of MVD §9.</summary>
    [Fact]
    public void By_width_divided_by_height_most_rectangles_are_wide()
    {
        var spec = new AugmentationSpec(ErasingProbability: 1) { ErasingArea = new(0.02, 0.33), ErasingAspectForm = AspectForm.WidthByHeight };
        var square = new InputSpec(256, 256);
        var erased = Enumerable.Range(0, Trials).Select(trial => new Augmentations(square, spec).Draw(Seeding.Stream(3, "test", trial), Modality.Visible).Erased).ToList();

        Assert.All(erased, rectangle =>
        {
            Assert.InRange(rectangle.Height * rectangle.Width / (256.0 * 256), 0.019, 0.335);
            Assert.InRange(rectangle.Width / (double)rectangle.Height, 0.28, 3.5);
        });
        Assert.True(erased.Count(rectangle => rectangle.Width > rectangle.Height) > 0.7 * erased.Count);
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

        augmentations.Apply(augmentations.Draw(Seeding.Stream(5, "test"), Modality.Visible), frame, actual);
        new Normalization(Input).Apply(frame, expected);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Of_visible_frames_as_many_as_asked_lose_their_color_and_nothing_else_is_drawn_otherwise()
    {
        var grey = Draw(new AugmentationSpec { GreyProbability = 0.3 });

        Assert.InRange(grey.Count(one => one.Grey), 0.27 * Trials, 0.33 * Trials);
        Assert.Equal(Draw(new AugmentationSpec()), grey.Select(one => one with { Grey = false }));
        Assert.DoesNotContain(Draw(new AugmentationSpec { GreyProbability = 1 }, Modality.Infrared), one => one.Grey);
        Assert.All(Draw(new AugmentationSpec { GreyProbability = 1 }), one => Assert.True(one.Grey));
    }

    /// <summary>Pillow's, where it rounds up, down and by half.</summary>
    [Theory]
    [InlineData(255, 255, 255, 255)]
    [InlineData(255, 0, 0, 76)]
    [InlineData(0, 255, 0, 150)]
    [InlineData(0, 0, 255, 29)]
    [InlineData(0, 1, 0, 1)]
    [InlineData(1, 0, 1, 0)]
    [InlineData(200, 100, 50, 124)]
    public void Grey_is_Pillows(byte red, byte green, byte blue, byte expected) => Assert.Equal([expected, expected, expected], Grey.Of([red, green, blue], new byte[3]).ToArray());

    private static List<Augmentation> Draw(AugmentationSpec spec, Modality modality = Modality.Visible) =>
        [.. Enumerable.Range(0, Trials).Select(trial => new Augmentations(Input, spec).Draw(Seeding.Stream(2, "test", trial), modality))];

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
                var color = frame.AsSpan(pixel * 3, 3);
                padded[(pixel / width) + padding, (pixel % width) + padding] = drawn.Grey ? (byte)(((color[0] * 19595) + (color[1] * 38470) + (color[2] * 7471) + 32768) >> 16) : color[channel];
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
